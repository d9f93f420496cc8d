import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool, PoolClient } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import { rebuild } from '../../src/store/rebuild.ts'
import { rowOf } from '../../src/thread/index-row.ts'
import { asked, rules, said } from '../thread/spec.ts'
import { oneStore } from './support.ts'

const ROWS = `select id, agent, title, status, run_id, created_at, owner, leased_until, epoch, wake_at
  from threads order by id`

/** A store with `count` launched threads. */
const launched = async (count: number) => {
  const store = await oneStore()
  const door = new WriteDoor({ ...store, rules, hasRoom: () => false })
  const launch = async () => (await door.launch(asked()))[0]?.thread_id ?? ''
  const ids = (await Promise.all(Array.from({ length: count }, launch))).sort()
  const rows = async () => (await store.pool.query(ROWS)).rows
  return { ...store, door, launch, ids, rows }
}

describe('rebuilding the index', () => {
  test('brings back the rows that were lost, and drops those of no thread', async () => {
    const { pool, ids, rows } = await launched(450)
    await pool.query('delete from threads')
    await pool.query(`insert into threads (id, agent, title, status, created_at)
      select gen_random_uuid(), 'deploy', 't', 'running', now() from generate_series(1, 20)`)
    expect(await rebuild(pool, rowOf)).toEqual({ folded: 450, unreadable: [] })
    expect((await rows()).map(({ id }) => id)).toEqual(ids)
  })

  test('leaves a thread to whoever works on it, and what woke it', async () => {
    const { pool, queue, ids, rows } = await launched(3)
    const [id = ''] = ids
    await pool.query(`update threads set wake_at = '2000-01-01' where id = $1`, [id])
    expect(await queue.claim(1)).toEqual([id])
    await pool.query(`update threads set wake_at = '2001-01-01' where id <> $1`, [id])
    const [owned, ...others] = await rows()
    await rebuild(pool, rowOf)
    const [owner, ...woken] = await rows()
    expect(owner).toEqual({ ...owned, wake_at: expect.any(String) })
    expect(owner.owner).not.toBeNull()
    expect(woken).toEqual(others)
  })

  test('keeps the row of a thread that cannot be read, says why, and goes on', async () => {
    const { pool, ids, rows } = await launched(5)
    const [, id] = ids
    await pool.query(
      `insert into events select thread_id, 3, 'incident_opened', '{}', actor, at, 1 from events where thread_id = $1 and seq = 2`,
      [id],
    )
    await pool.query(`update threads set status = 'wrong'`)
    expect(await rebuild(pool, rowOf)).toEqual({
      folded: 4,
      unreadable: [{ id, why: expect.stringContaining('event 3 (incident_opened)') }],
    })
    expect((await rows()).filter(({ status }) => status === 'wrong').map((row) => row.id)).toEqual([id])
  })
})

describe('beside a service that goes on working', () => {
  /** A transaction of somebody else's, with its first statement done. */
  const transaction = async (pool: Pool, text: string, values: unknown[]) => {
    const client = await pool.connect()
    onTestFinished(() => client.release())
    await client.query('begin')
    await client.query(text, values)
    return client
  }

  /** Rebuilds while `other` is open; `meanwhile` is done while the rebuild waits for it. */
  const rebuilt = async (pool: Pool, other: PoolClient, meanwhile = async () => {}) => {
    let done = false
    const rebuilding = rebuild(pool, rowOf).finally(() => {
      done = true
    })
    await sleep(100)
    await meanwhile()
    expect(done).toBe(false)
    await other.query('commit')
    return rebuilding
  }

  test.each(['there', 'lost'])('an append under way is waited for and indexed, where the row was %s', async (row) => {
    const { pool, ids, rows } = await launched(3)
    if (row === 'lost') await pool.query('delete from threads')
    const other = await transaction(
      pool,
      `with appended as (
        insert into events select thread_id, 3, 'cancelled', '{"reason": ""}', actor, at, 1
        from events where thread_id = $1 and seq = 2)
      insert into threads (id, agent, title, status, created_at)
      values ($1, 'deploy', 't', 'cancelled', now()) on conflict (id) do update set status = 'cancelled'`,
      [ids[1]],
    )
    expect(await rebuilt(pool, other)).toEqual({ folded: 3, unreadable: [] })
    expect((await rows()).map(({ status }) => status)).toEqual(['running', 'cancelled', 'running'])
  })

  test('only the thread that is folded waits: others are launched and appended to', async () => {
    const { pool, door, launch, ids } = await launched(3)
    const [first = '', second = ''] = ids
    const other = await transaction(pool, 'select from threads where id = $1 for update', [first])
    await rebuilt(pool, other, async () => {
      await door.handle(second, said('go on'))
      await launch()
    })
  })
})
