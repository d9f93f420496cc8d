import type { Pool } from 'pg'
import type { Overview, ThreadSummary } from '../agent/ports.ts'
import { STATUSES, type Status } from '../thread/state.ts'
import { LATEST, SUMMARY } from './list.ts'

const newest = (statuses: readonly Status[]): string =>
  statuses.map((one) => `(select * from threads where status = '${one}' order by id desc limit $1)`).join(' union all ')

const BUSY = ['running', 'awaiting_run', 'awaiting_thread', 'sleeping'] as const satisfies Status[]

const COUNTS = STATUSES.map(
  (status) => `'${status}', (select count(*) from (select from threads where status = '${status}' limit $1) t)`,
).join(', ')

/** What pages show of all threads: from the index and the latest event of each, a bounded number of them. */
export const createOverview = (pool: Pool): Overview => ({
  versions: async (ids) => {
    const { rows } = await pool.query<{ id: string; version: number }>({
      name: 'versions',
      text: `select t.id, latest.seq as version from unnest($1::uuid[]) as t(id) ${LATEST}`,
      values: [ids],
    })
    return new Map(rows.map(({ id, version }) => [id, version]))
  },

  // Approvals expire, so the oldest are the most urgent. Questions do not: the oldest may have been given up long ago.
  waiting: async (most) => {
    const { rows } = await pool.query<{ id: string; version: number }>({
      name: 'waiting',
      text: `select t.id, latest.seq as version from (
          (select id from threads where status = 'awaiting_approval' order by id limit $1)
          union all (select id from threads where status = 'awaiting_human' order by id desc limit $1)) t ${LATEST}`,
      values: [most],
    })
    return rows
  },

  busy: async (most) => {
    const { rows } = await pool.query<ThreadSummary>({
      name: 'under_way',
      text: `select ${SUMMARY} from (${newest(BUSY)}) t ${LATEST} order by t.id desc limit $1`,
      values: [most],
    })
    return rows
  },

  counts: async (most) => {
    const { rows } = await pool.query<{ counts: Record<Status, number> }>({
      name: 'counts',
      text: `select jsonb_build_object(${COUNTS}) as counts`,
      values: [most],
    })
    return rows[0]?.counts ?? ({} as Record<Status, number>)
  },
})
