import type { Pool } from 'pg'
import { BadCursor, type Listing, type ThreadSummary } from '../agent/ports.ts'

/** Version and time of the latest event are the log's to say: one step into its primary key for each thread of a page. */
export const SUMMARY = 't.id, t.agent, t.title, t.status, latest.seq as version, t.created_at, latest.at as updated_at'
export const LATEST =
  'cross join lateral (select seq, at from events where thread_id = t.id order by seq desc limit 1) as latest'

// Of several repositories one may rest while others release; what it merged before these is too old to matter.
const RELEASES = 200

/** Reads the index: never the place to decide anything, only to list and to find. */
export const createListing = (pool: Pool): Listing => ({
  list: async ({ status, agent, limit, cursor }) => {
    const { rows } = await pool.query<ThreadSummary>({
      text: `select ${SUMMARY} from threads t
        ${LATEST}
        where ($1::text is null or t.status = $1) and ($2::text is null or t.agent = $2) and ($3::uuid is null or t.id < $3)
        order by t.id desc limit $4`,
      values: [status ?? null, agent ?? null, cursor === undefined ? null : decode(cursor), limit + 1],
    })
    const threads = rows.slice(0, limit)
    const last = threads.at(-1)
    return { threads, cursor: rows.length > limit && last ? encode(last) : null }
  },

  versions: async (ids) => {
    const { rows } = await pool.query<{ id: string; version: number }>({
      name: 'versions',
      text: `select t.id, latest.seq as version from unnest($1::uuid[]) as t(id) ${LATEST}`,
      values: [ids],
    })
    return new Map(rows.map(({ id, version }) => [id, version]))
  },

  countDue: async (most) => {
    // statement_timestamp(), not clock_timestamp(): only a time that stands still can be looked up in an index.
    const { rows } = await pool.query<{ count: number }>({
      name: 'count_due',
      text: `select count(*)::int as count from (
        select from threads where owner is null and wake_at <= statement_timestamp() limit $1) as due`,
      values: [most],
    })
    return rows[0]?.count ?? 0
  },

  soleThread: async (sole) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'sole_thread',
      text: 'select id from threads where sole = $1',
      values: [sole],
    })
    return rows[0]?.id ?? null
  },

  latestOf: async (source, prefix) => {
    const { rows } = await pool.query<{ id: string; status: string }>({
      text: `select t.id, t.status from deliveries d join threads t on t.id = d.thread_id
        where d.source = $1 and starts_with(d.id, $2) order by t.id desc limit 1`,
      values: [source, prefix],
    })
    return rows[0] ?? null
  },

  newestMerge: async (repository) => {
    const { rows } = await pool.query<{ at: string }>({
      text: `select m.at from (select id from threads where agent = 'release' order by id desc limit $2) r
        cross join lateral (
          select e.data->>'merged_at' as at from events e
          where e.thread_id = r.id and e.type = 'pull_request_merged' and e.data->>'repository' is not distinct from $1
          order by e.seq desc limit 1) m
        order by r.id desc limit 1`,
      values: [repository, RELEASES],
    })
    return rows[0]?.at ?? null
  },

  threadAt: async (address) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'thread_at',
      text: 'select id from threads where addresses @> array[$1] order by id desc limit 1',
      values: [address],
    })
    return rows[0]?.id ?? null
  },

  threadOfRun: async (runId) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'thread_of_run',
      text: `select id from threads where run_id = $1 order by agent = 'gate', id desc limit 1`,
      values: [runId],
    })
    return rows[0]?.id ?? null
  },
})

const encode = ({ id }: ThreadSummary): string => Buffer.from(id).toString('base64url')

const CURSOR = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Ids are UUIDv7: their order is that of the threads' making. */
const decode = (cursor: string): string => {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (!CURSOR.test(id)) throw new BadCursor('this cursor is not one of ours')
  return id
}
