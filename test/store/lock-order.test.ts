import { expect, test } from 'vitest'
import type { Hold } from '../../src/agent/ports.ts'
import { appendOf, newId, stores } from './support.ts'

const ROUNDS = 60
const THREADS = 24

test('two processes that write to the same threads, each in an order of its own, never wait for each other in a circle', async () => {
  const [one, two] = await stores(2)
  if (!one || !two) throw new Error('two processes are needed')
  const ids = Array.from({ length: THREADS }, newId)
  await Promise.all(ids.map((id) => one.log.append(appendOf(id, 0, 1, { hold: 'take' }))))
  /** Their own changes as sessions make them, and what comes in by the door. */
  const holds: Hold[] = ['keep', 'take', 'release', 'wake']
  const write = ({ log }: typeof one, threads: string[], round: number) =>
    Promise.allSettled(
      threads.map((id, i) => {
        const hold = holds[(i + round) % holds.length] ?? 'keep'
        return log.append(appendOf(id, 1, 0, { hold, until: null }))
      }),
    )
  for (let round = 0; round < ROUNDS; round++) {
    await Promise.all([write(one, ids, round), write(two, ids.toReversed(), round)])
    await one.queue.heartbeat(ids)
  }
  const { rows } = await one.pool.query('select deadlocks from pg_stat_database where datname = current_database()')
  expect(rows).toEqual([{ deadlocks: 0 }])
})
