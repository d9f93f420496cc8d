import { describe, expect, test } from 'vitest'
import { STATUSES } from '../../src/thread/state.ts'
import { appendOf, newId, oneStore } from './support.ts'

const OLD = "now() - interval '90 seconds'"

describe('the census', () => {
  test('of an empty database', async () => {
    const { census } = await oneStore()
    expect(await census()).toEqual({
      threads: Object.fromEntries(STATUSES.map((status) => [status, 0])),
      due: 0,
      queue_age_seconds: 0,
      question_age_seconds: 0,
      quarantined: 0,
    })
  })

  test('counts threads by status, and those that are due and that nobody works on', async () => {
    const { log, queue, pool, census } = await oneStore()
    const [owned, due, resting] = [newId(), newId(), newId()]
    await log.append(appendOf(owned))
    await queue.claim(1)
    await pool.query('update threads set wake_at = now() where id = $1', [owned])
    await log.append(appendOf(due))
    await pool.query(`update threads set wake_at = ${OLD} where id = $1`, [due])
    await log.append(appendOf(resting, 0, 1, { hold: 'keep' }))
    await pool.query(`update threads set status = 'done' where id = $1`, [resting])
    const { queue_age_seconds, ...counted } = await census()
    expect(counted).toMatchObject({ threads: { running: 2, done: 1 }, due: 1, quarantined: 0 })
    expect(queue_age_seconds).toBeGreaterThanOrEqual(90)
    expect(queue_age_seconds).toBeLessThan(120)
  })

  test.each(['awaiting_approval', 'awaiting_human'])('knows how long the oldest %s has waited', async (status) => {
    const { log, pool, census } = await oneStore()
    for (const at of [OLD, 'now()']) {
      const id = newId()
      await log.append(appendOf(id))
      await pool.query(`update threads set status = '${status}' where id = $1`, [id])
      await pool.query(`update events set at = ${at} where thread_id = $1`, [id])
    }
    const { question_age_seconds } = await census()
    expect(question_age_seconds).toBeGreaterThanOrEqual(90)
    expect(question_age_seconds).toBeLessThan(120)
  })

  test('counts threads in quarantine', async () => {
    const { log, pool, census } = await oneStore()
    await log.append(appendOf(newId()))
    await pool.query('update threads set quarantined_at = now()')
    expect((await census()).quarantined).toBe(1)
  })
})
