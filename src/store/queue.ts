import type { Pool } from 'pg'
import type { Queue } from '../agent/ports.ts'
import { ALIVE, LEASE } from './owner.ts'

// wake_at is emptied, so that whatever comes from outside while the thread is owned is seen at its release.
const TAKE = `owner = $1, leased_until = clock_timestamp() + ${LEASE}, epoch = epoch + 1, wake_at = null`

// Webhooks are sent again for a week at most (Standard Webhooks), and a client that repeats a request after a month means a new one.
const REMEMBERED = "interval '30 days'"
const FORGOTTEN_AT_ONCE = 1_000

// statement_timestamp(), not clock_timestamp(): only a time that stands still can be looked up in an index.

/** Threads as their own queue, worked on by `owner` (this process). */
export const createQueue = (pool: Pool, owner: number): Queue => ({
  claim: async (limit) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'claim',
      text: `update threads set ${TAKE} where id in (
        select id from threads where owner is null and wake_at <= statement_timestamp()
        order by wake_at limit $2 for update skip locked) returning id`,
      values: [owner, limit],
    })
    return rows.map(({ id }) => id)
  },

  // Our own come back too: those whose release failed, and those that we lost sight of.
  rescue: async (limit, active) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'rescue',
      text: `with alive as materialized (${ALIVE})
        update threads set ${TAKE} where id in (
          select id from threads where owner is not null and id <> all ($3::uuid[])
            and (owner = $1 or leased_until < statement_timestamp() or owner not in (table alive))
          limit $2 for update skip locked) returning id`,
      values: [owner, limit, active],
    })
    return rows.map(({ id }) => id)
  },

  // Locked in the order in which appends lock rows.
  heartbeat: async (active) => {
    await pool.query({
      name: 'heartbeat',
      text: `with mine as materialized (
          select id from threads where id = any ($2::uuid[]) and owner = $1 order by id for update)
        update threads t set leased_until = clock_timestamp() + ${LEASE} from mine where t.id = mine.id`,
      values: [owner, active],
    })
  },

  forget: async () => {
    const { rowCount } = await pool.query({
      name: 'forget',
      text: `delete from deliveries where (source, id) in (
        select source, id from deliveries where at < statement_timestamp() - ${REMEMBERED} order by at limit $1)`,
      values: [FORGOTTEN_AT_ONCE],
    })
    return rowCount ?? 0
  },

  putOff: async (threadId, seconds) => {
    await pool.query({
      name: 'put_off',
      text: `update threads set owner = null, leased_until = null,
        wake_at = clock_timestamp() + make_interval(secs => $3) where id = $2 and owner = $1`,
      values: [owner, threadId, seconds],
    })
  },

  quarantine: async (threadId, reason) => {
    await pool.query({
      name: 'quarantine',
      text: `update threads set quarantined_at = clock_timestamp(), quarantine_reason = $3,
        owner = null, leased_until = null, wake_at = null where id = $2 and owner = $1`,
      values: [owner, threadId, reason],
    })
  },
})
