import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createTurns } from '../../src/agent/in-turn.ts'

test('under one key one goes after the other, whatever comes of it; other keys do not wait', async () => {
  const inTurn = createTurns()
  const done: string[] = []
  const act = (name: string, ms: number) => async () => {
    await sleep(ms)
    done.push(name)
    if (name === 'fails') throw new Error(name)
    return name
  }
  const all = [
    inTurn('a', act('slow', 30)),
    inTurn('a', act('fails', 1)),
    inTurn('a', act('last', 1)),
    inTurn('b', act('other', 1)),
  ]
  const outcomes = await Promise.allSettled(all)
  expect(done).toEqual(['other', 'slow', 'fails', 'last'])
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
})
