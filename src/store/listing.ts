import type { Pool } from 'pg'
import type { Listing } from '../agent/ports.ts'
import { list } from './list.ts'

// Of several repositories one may rest while others release; what it merged before these is too old to matter.
const RELEASES = 200

/** Reads the index: never the place to decide anything, only to list and to find. */
export const createListing = (pool: Pool): Listing => ({
  list: (filter) => list(pool, filter),

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
