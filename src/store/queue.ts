import type { Pool } from 'pg'
import type { Queue } from '../agent/ports.ts'
import { violated } from './pool.ts'

/** The advisory locks of owners share this class; the object is the owner. */
export const OWNER_LOCKS = 7_103_417

// An owner that hangs is waited for this long; one whose connection died is not waited for at all.
const LEASE = "interval '5 seconds'"

const ALIVE = `exists (
  select from pg_locks where locktype = 'advisory' and classid = ${OWNER_LOCKS} and objid = t.owner::oid and granted
    and database = (select oid from pg_database where datname = current_database()))`
const CLAIMABLE = `(t.owner is null and t.wake_at <= clock_timestamp())
  or (t.owner is not null and (t.leased_until < clock_timestamp() or not ${ALIVE}))`

// wake_at is emptied, so that whatever comes from outside while the thread is owned is seen at its release.
const TAKE = `owner = $1, leased_until = clock_timestamp() + ${LEASE}, epoch = epoch + 1, wake_at = null`

/** Threads as their own queue, worked on by `owner` (this process). */
export const createQueue = (pool: Pool, owner: number): Queue => ({
  claim: async (limit) => {
    const { rows } = await pool.query<{ id: string }>({
      name: 'claim',
      text: `update threads set ${TAKE} where id in (
        select id from threads t where ${CLAIMABLE} order by wake_at limit $2 for update skip locked) returning id`,
      values: [owner, limit],
    })
    return rows.map(({ id }) => id)
  },

  claimThread: async (threadId) => {
    const { rowCount } = await pool.query({
      name: 'claim_thread',
      text: `update threads set ${TAKE} where id in (
        select id from threads t where id = $2 and (${CLAIMABLE}) for update skip locked)`,
      values: [owner, threadId],
    })
    return rowCount === 1
  },

  release: async (threadId, until) => {
    const { rows } = await pool.query<{ due: boolean }>({
      name: 'release',
      text: `update threads set owner = null, leased_until = null, wake_at = least(wake_at, $3::timestamptz)
        where id = $2 and owner = $1 returning coalesce(wake_at <= clock_timestamp(), false) as due`,
      values: [owner, threadId, until],
    })
    return rows[0]?.due ?? false
  },

  heartbeat: async () => {
    await pool.query({
      name: 'heartbeat',
      text: `update threads set leased_until = clock_timestamp() + ${LEASE} where owner = $1`,
      values: [owner],
    })
  },

  hint: async (threadId, { source, id, body_hash, answer }) => {
    try {
      const { rowCount } = await pool.query({
        name: 'hint',
        text: `with woken as (update threads set wake_at = clock_timestamp() where id = $1 returning id)
          insert into deliveries (source, id, body_hash, thread_id, answer) select $2, $3, $4, id, $5::jsonb from woken`,
        values: [threadId, source, id, body_hash, JSON.stringify(answer)],
      })
      return rowCount === 1
    } catch (error) {
      if (violated(error) === 'deliveries_pkey') return false
      throw error
    }
  },
})
