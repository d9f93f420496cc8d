import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from 'pg'
import { describe, expect, test } from 'vitest'
import { type Hold, TakenBefore } from '../../src/agent/ports.ts'
import { appendOf, newId, oneStore, stores, taken } from './support.ts'

const PAST = '2020-01-01T00:00:00.000Z'
const FUTURE = '2999-01-01T00:00:00.000Z'

/** What a kill -9 of the thread's owner does: the connection that holds its lock is gone. */
const dies = async (pool: Pool | undefined, id: string): Promise<void> => {
  await pool?.query(
    `select pg_terminate_backend(l.pid) from pg_locks l join threads t on t.owner::oid = l.objid
    where l.locktype = 'advisory' and t.id = $1`,
    [id],
  )
  await sleep(50)
}

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
    await log.append(appendOf(id, 0, 1, { hold: 'keep' }))
    expect(await queue.claim(10)).toEqual([])
  })

  test('a thread that is owned is not claimed again', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id))
    expect(await one?.queue.claim(10)).toEqual([id])
    expect(await two?.queue.claim(10)).toEqual([])
  })
})

describe('what comes from outside', () => {
  test('is taken by the process that it came to, unless somebody works on the thread', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    expect(await one?.log.append(appendOf(id, 0, 1, { hold: 'take' }))).toMatchObject({ mine: true })
    expect(await two?.log.append(appendOf(id, 1, 1, { hold: 'take' }))).toMatchObject({ mine: false })
    expect(await two?.queue.claim(10)).toEqual([])
  })

  test('makes the thread of a process that has died due for whoever looks next', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await dies(two?.pool, id)
    expect(await two?.log.append(appendOf(id, 1, 1, { hold: 'take' }))).toMatchObject({ known: true, mine: false })
    expect(await two?.queue.rescue(10, [])).toEqual([id])
  })

  test('leaves a thread in quarantine alone', async () => {
    const { log, queue } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await queue.quarantine(id, 'a bug')
    expect(await log.append(appendOf(id, 1, 1, { hold: 'take' }))).toMatchObject({ mine: false })
    await log.append(appendOf(id, 2))
    expect([...(await queue.claim(10)), ...(await queue.rescue(10, []))]).toEqual([])
  })
})

describe('rescuing', () => {
  test('takes what a dead process worked on, and what this one lost sight of, and nothing else', async () => {
    const [one, two, three] = await stores(3)
    const [dead, lost, active, alive] = [newId(), newId(), newId(), newId()]
    await one?.log.append(appendOf(dead, 0, 1, { hold: 'take' }))
    for (const id of [lost, active]) await two?.log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await three?.log.append(appendOf(alive, 0, 1, { hold: 'take' }))
    await dies(three?.pool, dead)
    expect((await two?.queue.rescue(10, [active]))?.sort()).toEqual([dead, lost].sort())
  })

  const hanging = async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await two?.pool.query(`update threads set leased_until = now() - interval '1 second' where id = $1`, [id])
    return { one, two, id }
  }

  test('takes from a process that hangs, when its lease is over', async () => {
    const { two, id } = await hanging()
    expect(await two?.queue.rescue(10, [])).toEqual([id])
  })

  test('leaves alone what a heartbeat keeps', async () => {
    const { one, two, id } = await hanging()
    await one?.queue.heartbeat([id])
    expect(await two?.queue.rescue(10, [])).toEqual([])
  })
})

describe('letting go', () => {
  const owned = async () => {
    const store = await oneStore()
    const id = newId()
    await store.log.append(appendOf(id, 0, 1, { hold: 'take' }))
    const letGo = async (until: string | null, hold: Hold = 'release', knows?: number) => {
      const version = knows ?? (await store.log.load(id)).events.length
      return !(await store.log.append(appendOf(id, version, 0, { index: null, hold, until }))).mine
    }
    return { ...store, id, letGo }
  }

  test('until a time wakes the thread then, and not before', async () => {
    const { queue, letGo } = await owned()
    expect(await letGo(FUTURE)).toBe(true)
    expect(await queue.claim(10)).toEqual([])
  })

  test('until a time that has passed makes it due', async () => {
    const { queue, id, letGo } = await owned()
    expect(await letGo(PAST)).toBe(true)
    expect(await queue.claim(10)).toEqual([id])
  })

  test('for good waits for something from outside', async () => {
    const { queue, log, id, letGo } = await owned()
    expect(await letGo(null)).toBe(true)
    expect(await queue.claim(10)).toEqual([])
    await log.append(appendOf(id, 1))
    expect(await queue.claim(10)).toEqual([id])
  })

  test('is refused once, where something came meanwhile', async () => {
    const { log, id, letGo } = await owned()
    await log.append(appendOf(id, 1))
    expect(await letGo(FUTURE)).toBe(false)
    expect(await letGo(FUTURE)).toBe(true)
  })

  test('is refused to an owner that knows less than the log says: it might never be woken', async () => {
    const { log, queue, id, letGo } = await owned()
    await log.append(appendOf(id, 1, 1, { hold: 'keep' }))
    expect(await letGo(null, 'release', 1)).toBe(false)
    expect(await letGo(FUTURE, 'release', 2)).toBe(true)
    expect(await queue.claim(10)).toEqual([])
  })

  test('is never refused to a process that stops; the thread is then due', async () => {
    const { queue, log, id, letGo } = await owned()
    await log.append(appendOf(id, 1))
    expect(await letGo(FUTURE, 'drop')).toBe(true)
    expect(await queue.claim(10)).toEqual([id])
  })

  test("is not refused because of the owner's own appends", async () => {
    const { log, id, letGo } = await owned()
    await log.append(appendOf(id, 1, 1, { hold: 'keep' }))
    expect(await letGo(null)).toBe(true)
  })

  test('by somebody who does not own it changes nothing', async () => {
    const [one, two] = await stores(2)
    const id = newId()
    await one?.log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await two?.log.append(appendOf(id, 0, 0, { index: null, hold: 'release', until: PAST }))
    expect(await two?.queue.claim(10)).toEqual([])
  })
})

describe('a hint', () => {
  const hint = (id: string) => appendOf(id, 0, 0, { index: null, delivery: taken('w1') })

  test('makes its thread due, once', async () => {
    const { queue, log, pool } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { hold: 'take' }))
    await log.append(appendOf(id, 1, 0, { index: null, hold: 'release', until: FUTURE }))
    expect(await log.append(hint(id))).toMatchObject({ known: true })
    expect(await queue.claim(10)).toEqual([id])
    await log.append(appendOf(id, 1, 0, { index: null, hold: 'release', until: FUTURE }))
    await expect(log.append(hint(id))).rejects.toBeInstanceOf(TakenBefore)
    expect(await queue.claim(10)).toEqual([])
    expect((await pool.query('select count(*)::int as n from deliveries')).rows[0].n).toBe(1)
  })

  test('for a thread that waits for nothing is not taken, and wakes nobody', async () => {
    const { log, queue, pool } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { hold: 'keep' }))
    expect(await log.append(hint(id))).toMatchObject({ known: false })
    expect(await queue.claim(10)).toEqual([])
    expect((await pool.query('select count(*)::int as n from deliveries')).rows[0].n).toBe(0)
    await pool.query('update threads set run_id = 7')
    expect(await log.append(hint(id))).toMatchObject({ known: true })
  })

  test('for a thread that is not there is not taken', async () => {
    const { log, pool } = await oneStore()
    expect(await log.append(hint(newId()))).toMatchObject({ known: false })
    expect((await pool.query('select count(*)::int as n from deliveries')).rows[0].n).toBe(0)
  })
})

test('a delivery is remembered for a month, and then forgotten', async () => {
  const { log, queue, pool } = await oneStore()
  for (const id of ['old', 'new']) await log.append(appendOf(newId(), 0, 1, { delivery: taken(id) }))
  await pool.query(`update deliveries set at = now() - interval '31 days' where id = 'old'`)
  expect(await queue.forget()).toBe(1)
  expect(await queue.forget()).toBe(0)
  expect((await pool.query('select id from deliveries')).rows).toEqual([{ id: 'new' }])
})
