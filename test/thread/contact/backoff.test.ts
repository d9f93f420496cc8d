import { describe, expect, test } from 'vitest'
import { pauseAfter } from '../../../src/thread/contact/backoff.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

describe('whoever could not be told is tried again', () => {
  const pauses = Array.from({ length: 11 }, (_, i) => pauseAfter(i + 1))

  test('after 5 and 30 s, 5 and 30 min, 2, 5, 10, 14, 20 and 24 h, and then no more', () => {
    const hours = [2, 5, 10, 14, 20, 24].map((count) => count * HOUR)
    expect(pauses).toEqual([5_000, 30_000, 5 * MINUTE, 30 * MINUTE, ...hours, null])
  })

  test('for three days in all', () =>
    expect(pauses.reduce<number>((sum, pause) => sum + (pause ?? 0), 0)).toBe(75 * HOUR + 35 * MINUTE + 35_000))
})
