import type { Pool } from 'pg'
import { BadCursor, type Listing, type ThreadSummary } from '../agent/ports.ts'

const SUMMARY = 'id, agent, title, status, version, created_at, updated_at'

/** Reads the index: never the place to decide anything, only to list and to find. */
export const createListing = (pool: Pool): Listing => ({
  list: async ({ status, agent, limit, cursor }) => {
    const [before, beforeId] = cursor === undefined ? [null, null] : decode(cursor)
    const { rows } = await pool.query<ThreadSummary>({
      text: `select ${SUMMARY} from threads
        where ($1::text is null or status = $1) and ($2::text is null or agent = $2)
          and ($3::timestamptz is null or (created_at, id) < ($3, $4::uuid))
        order by created_at desc, id desc limit $5`,
      values: [status ?? null, agent ?? null, before, beforeId, limit + 1],
    })
    const threads = rows.slice(0, limit)
    const last = threads.at(-1)
    return { threads, cursor: rows.length > limit && last ? encode(last) : null }
  },

  countByStatus: async () => {
    const { rows } = await pool.query<{ status: string; count: number }>(
      'select status, count(*)::int as count from threads group by status',
    )
    return Object.fromEntries(rows.map(({ status, count }) => [status, count]))
  },

  countDue: async (most) => {
    // now(), not clock_timestamp(): only a stable function can be looked up in the index of due threads.
    const { rows } = await pool.query<{ count: number }>({
      name: 'count_due',
      text: `select count(*)::int as count from (
        select from threads where owner is null and wake_at <= now() limit $1) as due`,
      values: [most],
    })
    return rows[0]?.count ?? 0
  },

  threadOfRun: async (runId) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'thread_of_run',
      text: 'select id from threads where run_id = $1 order by updated_at desc limit 1',
      values: [runId],
    })
    return rows[0]?.id ?? null
  },

  ping: async () => {
    await pool.query('select 1')
  },
})

const encode = ({ created_at, id }: ThreadSummary): string => Buffer.from(`${created_at} ${id}`).toString('base64url')

const CURSOR = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

const decode = (cursor: string): [string, string] => {
  const [, at, id] = CURSOR.exec(Buffer.from(cursor, 'base64url').toString()) ?? []
  if (at === undefined || id === undefined || Number.isNaN(Date.parse(at)))
    throw new BadCursor('this cursor is not one of ours')
  return [at, id]
}
