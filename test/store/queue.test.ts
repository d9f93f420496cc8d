import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { appendOf, newId, oneStore, stores, taken } from './support.ts'

const PAST = '2020-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'

describe('claiming', () => {
  test('hands each due thread to one of two processes', async () => {
    const [one, two] = await stores(2)
    if (!one || !two) throw new Error('two stores')
    const ids = Array.from({ length: 20 }, newId)
    for (const id of ids) await one.log.append(appendOf(id))
    const claimed = await Promise.all([
      one.queue.claim(15),
      two.queue.claim(15),
      one.queue.claim(15),
      two.queue.claim(15),
    ])
    expect(claimed.flat().sort()).toEqual([...ids].sort())
    expect(await two.queue.claim(10)).toEqual([])
  })

  test('leaves alone what is not due', async () => {
    const { log, queue } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { wake: false }))
    expect(await queue.claimThread(id)).toBe(false)
    expect(await queue.claim(10)).toEqual([])
  })

  test('a thread that is owned is not claimed again', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    expect(await one?.queue.claimThread(id)).toBe(true)
    expect(await two?.queue.claimThread(id)).toBe(false)
  })

  test('takes over at once when the owner has died', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    expect(await one?.queue.claimThread(id)).toBe(true)
    // What a kill -9 does: the connection that holds the owner's lock is gone.
    await two?.pool.query(
      `select pg_terminate_backend(l.pid) from pg_locks l join threads t on t.owner::oid = l.objid
      where l.locktype = 'advisory' and t.id = $1`,
      [id],
    )
    await sleep(50)
    expect(await two?.queue.claim(10)).toEqual([id])
  })

  test('takes over when the lease of a process that hangs is over', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    await one?.queue.claimThread(id)
    await two?.pool.query(`update threads set leased_until = now() - interval '1 second' where id = $1`, [id])
    expect(await two?.queue.claimThread(id)).toBe(true)
  })

  test('a heartbeat keeps what is owned', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    await one?.queue.claimThread(id)
    await two?.pool.query(`update threads set leased_until = now() - interval '1 second' where id = $1`, [id])
    await one?.queue.heartbeat()
    expect(await two?.queue.claimThread(id)).toBe(false)
  })
})

describe('releasing', () => {
  const owned = async () => {
    const store = await oneStore()
    const id = newId()
    await store.log.append(appendOf(id))
    await store.queue.claimThread(id)
    return { ...store, id }
  }

  test('until a time wakes the thread then, and not before', async () => {
    const { queue, id } = await owned()
    expect(await queue.release(id, FUTURE)).toBe(false)
    expect(await queue.claimThread(id)).toBe(false)
  })

  test('until a time that has passed makes it due', async () => {
    const { queue, id } = await owned()
    expect(await queue.release(id, PAST)).toBe(true)
  })

  test('for good waits for something from outside', async () => {
    const { queue, log, id } = await owned()
    expect(await queue.release(id, null)).toBe(false)
    await log.append(appendOf(id, 1))
    expect(await queue.claimThread(id)).toBe(true)
  })

  test('keeps what came from outside meanwhile', async () => {
    const { queue, log, id } = await owned()
    await log.append(appendOf(id, 1))
    expect(await queue.release(id, FUTURE)).toBe(true)
  })

  test("is not woken by the owner's own appends", async () => {
    const { queue, log, id } = await owned()
    await log.append(appendOf(id, 1, 1, { wake: false }))
    expect(await queue.release(id, null)).toBe(false)
  })

  test('by somebody who does not own it changes nothing', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    await one?.queue.claimThread(id)
    expect(await two?.queue.release(id, PAST)).toBe(false)
    expect(await two?.queue.claimThread(id)).toBe(false)
  })
})

describe('a hint', () => {
  test('makes its thread due, once', async () => {
    const { queue, log, pool } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { wake: false }))
    expect(await queue.hint(id, taken('w1'))).toBe(true)
    expect(await queue.claimThread(id)).toBe(true)
    await queue.release(id, null)
    expect(await queue.hint(id, taken('w1'))).toBe(false)
    expect(await queue.claimThread(id)).toBe(false)
    expect((await pool.query('select count(*)::int as n from deliveries')).rows[0].n).toBe(1)
  })

  test('for a thread that is not there is not taken', async () => {
    const { queue, pool } = await oneStore()
    expect(await queue.hint(newId(), taken('w1'))).toBe(false)
    expect((await pool.query('select count(*)::int as n from deliveries')).rows[0].n).toBe(0)
  })
})
