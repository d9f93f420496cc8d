import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createClock } from '../../src/store/clock.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'] }))
afterEach(() => void vi.useRealTimers())

test('goes on from what the database said last', () => {
  const clock = createClock()
  expect(clock.now()).toBeNull()
  clock.hear('2020-01-01T00:00:00.000Z')
  vi.advanceTimersByTime(1_500)
  expect(clock.now()).toBe('2020-01-01T00:00:01.500Z')
})

test('does not know the time when the database has not said it for a while', () => {
  const clock = createClock()
  clock.hear('2020-01-01T00:00:00.000Z')
  vi.advanceTimersByTime(2_100)
  expect(clock.now()).toBeNull()
})

test('does not know it either after this machine slept: only one of its clocks went on', () => {
  const clock = createClock()
  clock.hear('2020-01-01T00:00:00.000Z')
  vi.setSystemTime(Date.now() + 60_000)
  expect(clock.now()).toBeNull()
})
