import type { Pool } from 'pg'
import type { Census } from '../agent/ports.ts'
import { STATUSES } from '../thread/state.ts'

// Whatever the table grows to, so many are counted at most: a scrape never costs more than some tens of milliseconds.
const MOST = 100_000
// The oldest question is looked for among so many of the threads that were launched first.
const OLDEST = 1_000

/** How all threads stand: from the index alone, never from the log. */
export const createCensus = (pool: Pool) => async (): Promise<Census> => {
  const { rows } = await pool.query<Census>({ name: 'census', text: CENSUS })
  const [row] = rows
  if (!row) throw new Error('a select without from gives one row')
  return row
}

const count = (where: string): string =>
  `(select count(*) from (select from threads where ${where} limit ${MOST}) t)::int`
const age = (since: string): string => `coalesce(extract(epoch from clock_timestamp() - ${since})::float8, 0)`

/** A thread that waits for people has stood still since its question (or since the first of two approvals). */
const asked = (status: string): string =>
  `(select updated_at from threads where status = '${status}' order by created_at, id limit ${OLDEST})`

const DUE = 'owner is null and wake_at <= clock_timestamp()'

const CENSUS = `
  select
    jsonb_build_object(${STATUSES.map((status) => `'${status}', ${count(`status = '${status}'`)}`).join(', ')}) as threads,
    ${count(DUE)} as due,
    (select ${age('min(wake_at)')} from threads where ${DUE}) as queue_age_seconds,
    (select ${age('min(updated_at)')} from (${asked('awaiting_approval')} union all ${asked('awaiting_human')}) q)
      as question_age_seconds,
    ${count('quarantined_at is not null')} as quarantined`
