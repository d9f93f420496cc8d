import { describe, expect, test } from 'vitest'
import { Conflict, KeyReused, TakenBefore } from '../../src/agent/ports.ts'
import { Unreadable } from '../../src/thread/situation.ts'
import { AT, appendOf, delivery, message, newId, oneStore, taken } from './support.ts'

describe('the log', () => {
  test('gives back what was appended, in order, with the time of the database', async () => {
    const { log } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 3))
    const { events, now } = await log.load(id)
    expect(events).toEqual([message(id, 1), message(id, 2), message(id, 3)])
    expect(events[0]?.at).toBe(AT)
    expect(Math.abs(Date.parse(now) - Date.now())).toBeLessThan(60_000)
    expect((await log.load(id, 2)).events).toEqual([message(id, 3)])
  })

  test('of an unknown thread is empty', async () => {
    const { log } = await oneStore()
    expect((await log.load(newId())).events).toEqual([])
  })

  test('writes the version of its events, and reads none of a newer one', async () => {
    const { log, pool } = await oneStore()
    const [ours, theirs] = [newId(), newId()]
    await pool.query('alter table events alter column schema_version drop default')
    await log.append(appendOf(ours))
    await log.append(appendOf(theirs))
    await pool.query('update events set schema_version = schema_version + 1 where thread_id = $1', [theirs])
    expect((await log.load(ours)).events).toHaveLength(1)
    await expect(log.load(theirs)).rejects.toBeInstanceOf(Unreadable)
  })

  test('gives a place once: the loser writes nothing', async () => {
    const { log, listing } = await oneStore()
    const id = newId()
    await log.append(appendOf(id))
    const both = await Promise.allSettled([log.append(appendOf(id, 1, 2)), log.append(appendOf(id, 1))])
    const [lost] = both.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []))
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(lost).toBeInstanceOf(Conflict)
    const { events } = await log.load(id)
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))
    expect((await listing.list({ limit: 1 })).threads[0]?.version).toBe(events.length)
  })

  test('keeps words of every script, and quotes and backslashes, as they came', async () => {
    const { log } = await oneStore()
    const id = newId()
    const text = `"'\\ \u202E עברית 🚀 \u2028 ${'x'.repeat(50_000)}`
    await log.append(appendOf(id, 0, 1, { events: [message(id, 1, text)] }))
    expect((await log.load(id)).events[0]?.data).toEqual({ message: text })
  })

  test('refuses what jsonb cannot hold, whole', async () => {
    const { log } = await oneStore()
    const id = newId()
    await expect(
      log.append(appendOf(id, 0, 2, { events: [message(id, 1), message(id, 2, '\u0000')] })),
    ).rejects.toThrow()
    expect((await log.load(id)).events).toEqual([])
  })
})

describe('a delivery', () => {
  test('is taken once: its duplicate gets the answer of the first and writes nothing', async () => {
    const { log } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { delivery: taken('d1') }))
    const again = log.append(appendOf(newId(), 0, 1, { delivery: taken('d1', 'h', 500) }))
    await expect(again).rejects.toMatchObject({ constructor: TakenBefore, answer: { status: 201, body: { id: 'd1' } } })
    expect(await log.taken(delivery('d1'))).toEqual({ status: 201, body: { id: 'd1' } })
  })

  test('of one id with another body is refused', async () => {
    const { log } = await oneStore()
    await log.append(appendOf(newId(), 0, 1, { delivery: taken('d1') }))
    await expect(log.append(appendOf(newId(), 0, 1, { delivery: taken('d1', 'other') }))).rejects.toBeInstanceOf(
      KeyReused,
    )
    await expect(log.taken(delivery('d1', 'other'))).rejects.toBeInstanceOf(KeyReused)
  })

  test('five at once are one', async () => {
    const { log } = await oneStore()
    const all = await Promise.allSettled(
      Array.from({ length: 5 }, () => log.append(appendOf(newId(), 0, 1, { delivery: taken('d5') }))),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(all.filter((result) => result.status === 'rejected' && result.reason instanceof TakenBefore)).toHaveLength(4)
  })

  test('is known as taken even where its place in the log is gone too', async () => {
    const { log } = await oneStore()
    const id = newId()
    await log.append(appendOf(id, 0, 1, { delivery: taken('d1') }))
    await expect(log.append(appendOf(id, 0, 1, { delivery: taken('d1') }))).rejects.toBeInstanceOf(TakenBefore)
  })

  test('with two signs is known by either, and both are taken by one', async () => {
    const { log } = await oneStore()
    const first = { ...taken('key'), also: delivery('token') }
    await log.append(appendOf(newId(), 0, 1, { delivery: first }))
    const id = newId()
    for (const again of [
      taken('token'),
      { ...taken('key'), also: delivery('token 2') },
      { ...taken('key 2'), also: delivery('token') },
    ]) {
      await expect(log.append(appendOf(id, 0, 1, { delivery: again }))).rejects.toMatchObject({
        constructor: TakenBefore,
        answer: { body: { id: 'key' } },
      })
    }
    const other = { ...taken('key 2'), also: delivery('token', 'other') }
    await expect(log.append(appendOf(id, 0, 1, { delivery: other }))).rejects.toBeInstanceOf(KeyReused)
    expect(await log.taken(delivery('key 2'))).toBeNull()
    expect((await log.load(id)).events).toEqual([])
  })

  test('that was never taken is unknown', async () => {
    const { log } = await oneStore()
    expect(await log.taken(delivery('nope'))).toBeNull()
  })
})
