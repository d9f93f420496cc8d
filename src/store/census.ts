import type { Pool } from 'pg'
import type { Census } from '../agent/ports.ts'
import { STATUSES } from '../thread/state.ts'

// Whatever the table grows to, so many are counted at most: a scrape never costs more than some tens of milliseconds.
const MOST = 100_000
// The oldest question is looked for among so many of the threads that were launched first.
const OLDEST = 1_000

/** How all threads stand: from the index, and from the log no more than the latest event of a bounded number of threads. */
export const createCensus = (pool: Pool) => async (): Promise<Census> => {
  const { rows } = await pool.query<Census>({ name: 'census', text: CENSUS })
  const [row] = rows
  if (!row) throw new Error('a select without from gives one row')
  return row
}

const count = (where: string): string =>
  `(select count(*) from (select from threads where ${where} limit ${MOST}) t)::int`
const age = (since: string): string => `coalesce(extract(epoch from clock_timestamp() - ${since})::float8, 0)`

/** A thread that waits for people has stood still since its question (or since the first of two approvals): since its latest event. */
const asked = (status: string): string =>
  `(select (select at from events where thread_id = t.id order by seq desc limit 1) as since
    from (select id from threads where status = '${status}' order by id limit ${OLDEST}) t)`

const DUE = 'owner is null and wake_at <= statement_timestamp()'

const CENSUS = `
  select
    jsonb_build_object(${STATUSES.map((status) => `'${status}', ${count(`status = '${status}'`)}`).join(', ')}) as threads,
    ${count(DUE)} as due,
    (select ${age('min(wake_at)')} from threads where ${DUE}) as queue_age_seconds,
    (select ${age('min(since)')} from (${asked('awaiting_approval')} union all ${asked('awaiting_human')}) q)
      as question_age_seconds,
    ${count('quarantined_at is not null')} as quarantined`
