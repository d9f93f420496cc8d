import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { DAYS, endInWords, type Freeze, frozenAt } from '../../src/thread/freeze.ts'

const reason = 'weekend'
const weekly = (days: string, from: string, to: string, tz = 'Europe/Berlin'): Freeze => ({
  days: days.split(' ') as (typeof DAYS)[number][],
  from,
  to,
  tz,
  reason,
})
const whole = (first: string, last = first, tz = 'Europe/Berlin'): Freeze => ({ first, last, tz, reason })
const utc = (time: string): string => new Date(time).toISOString()
const isFrozen = (at: string, ...freezes: Freeze[]): boolean => frozenAt(utc(at), freezes) !== null
const until = (at: string, ...freezes: Freeze[]): string | null | undefined => frozenAt(utc(at), freezes)?.until

/** [what, freezes, from (frozen), to (no more)]: one second before each it is the other way round. */
const windows: [string, Freeze, string, string][] = [
  ['a Friday evening in winter', weekly('fri', '16:00', '24:00'), '2026-11-27T15:00Z', '2026-11-27T23:00Z'],
  ['a Friday evening in summer', weekly('fri', '16:00', '24:00'), '2026-07-03T14:00Z', '2026-07-03T22:00Z'],
  ['a whole day of 23 hours', weekly('sun', '00:00', '24:00'), '2026-03-28T23:00Z', '2026-03-29T22:00Z'],
  ['a whole day of 25 hours', weekly('sun', '00:00', '24:00'), '2026-10-24T22:00Z', '2026-10-25T23:00Z'],
  ['a date', whole('2026-12-24'), '2026-12-23T23:00Z', '2026-12-24T23:00Z'],
  ['dates from a first to a last', whole('2026-12-24', '2027-01-01'), '2026-12-23T23:00Z', '2027-01-01T23:00Z'],
  ['an end that the clocks skip', weekly('sun', '01:00', '02:30'), '2026-03-29T00:00Z', '2026-03-29T01:00Z'],
  ['a beginning that the clocks skip', weekly('sun', '02:30', '04:00'), '2026-03-29T01:00Z', '2026-03-29T02:00Z'],
  ['a beginning that comes twice', weekly('sun', '02:30', '03:00'), '2026-10-25T00:30Z', '2026-10-25T02:00Z'],
  ['an end that comes twice', weekly('sun', '01:00', '02:30'), '2026-10-24T23:00Z', '2026-10-25T01:30Z'],
  [
    'an end that comes twice in New York',
    weekly('sun', '00:00', '01:30', 'America/New_York'),
    '2026-11-01T04:00Z',
    '2026-11-01T06:30Z',
  ],
  [
    'a beginning that New York skips',
    weekly('sun', '02:15', '03:30', 'America/New_York'),
    '2026-03-08T07:00Z',
    '2026-03-08T07:30Z',
  ],
  [
    'a day without a midnight, in Santiago',
    weekly('sun', '00:00', '24:00', 'America/Santiago'),
    '2026-09-06T04:00Z',
    '2026-09-07T03:00Z',
  ],
  [
    'a day whose last hour comes twice, in Santiago',
    weekly('sat', '00:00', '24:00', 'America/Santiago'),
    '2026-04-04T03:00Z',
    '2026-04-05T04:00Z',
  ],
  [
    'quarters of an hour, in Kathmandu',
    weekly('mon', '09:00', '10:00', 'Asia/Kathmandu'),
    '2026-11-30T03:15Z',
    '2026-11-30T04:15Z',
  ],
]

describe('a freeze holds from its first moment until just before its end', () => {
  test.each(windows)('%s', (_, freeze, from, to) => {
    const justBefore = (moment: string): string => new Date(Date.parse(moment) - 1000).toISOString()
    expect(isFrozen(justBefore(from), freeze)).toBe(false)
    expect(isFrozen(from, freeze)).toBe(true)
    expect(isFrozen(justBefore(to), freeze)).toBe(true)
    expect(isFrozen(to, freeze)).toBe(false)
    expect(until(from, freeze)).toBe(utc(to))
  })

  test('through the hour that comes twice, both times and in between', () => {
    const freeze = weekly('sun', '02:30', '03:00')
    expect(['00:45', '01:15', '01:45'].map((time) => isFrozen(`2026-10-25T${time}Z`, freeze))).toEqual([
      true,
      true,
      true,
    ])
  })
  test('not at all where the clocks skip all of it', () => {
    const freeze = weekly('sun', '02:15', '02:45')
    expect(['00:59', '01:00', '01:15', '01:30'].some((time) => isFrozen(`2026-03-29T${time}Z`, freeze))).toBe(false)
  })
  test('nor on a day that a place left out of its calendar', () => {
    const freeze = whole('2011-12-30', '2011-12-30', 'Pacific/Apia')
    const hours = Array.from({ length: 72 }, (_, i) => new Date(Date.UTC(2011, 11, 29, i)).toISOString())
    expect(hours.filter((hour) => isFrozen(hour, freeze))).toEqual([])
  })
})

describe('windows that meet are one', () => {
  const weekend = [weekly('fri', '16:00', '24:00'), weekly('sat sun', '00:00', '24:00')]
  const night = [weekly('mon tue', '22:00', '24:00'), weekly('tue wed', '00:00', '06:00')]
  test('over a weekend', () => expect(until('2026-11-27T16:00Z', ...weekend)).toBe(utc('2026-11-29T23:00Z')))
  test('over the weekend on which the clocks change', () =>
    expect(until('2026-10-23T15:00Z', ...weekend)).toBe(utc('2026-10-25T23:00Z')))
  test('over midnight', () => expect(until('2026-11-30T21:30Z', ...night)).toBe(utc('2026-12-01T05:00Z')))
  test('and those that do not meet are not', () =>
    expect(until('2026-12-01T04:00Z', ...night)).toBe(utc('2026-12-01T05:00Z')))
  test('the end is told as people there say it', () => {
    const frozen = frozenAt(utc('2026-11-27T16:00Z'), weekend)
    expect(frozen && endInWords(frozen)).toBe('until Mon 2026-11-30 00:00 (Europe/Berlin)')
  })
  test('where there is no end in sight, that is said', () => {
    const frozen = frozenAt(utc('2026-11-27T16:00Z'), [weekly(DAYS.join(' '), '00:00', '24:00')])
    expect(frozen).toMatchObject({ until: null })
    expect(frozen && endInWords(frozen)).toBe('for months to come')
  })
})

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'America/Santiago',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'UTC',
]

test('no moment that the words of a freeze mean is missed, in any zone, whatever the clocks do', () => {
  // An independent reading of the same clocks.
  const shownIn = (tz: string, at: Date): { day: string; time: string } => ({
    day: at.toLocaleDateString('en-GB', { timeZone: tz, weekday: 'short' }).toLowerCase(),
    time: at.toLocaleTimeString('en-GB', { timeZone: tz, hour: '2-digit', minute: '2-digit' }),
  })
  const hhmm = fc.integer({ min: 0, max: 47 }).map((n) => `${String(n >> 1).padStart(2, '0')}:${n % 2 ? '30' : '00'}`)
  const minute = fc.integer({ min: 0, max: 366 * 24 * 4 }).map((n) => new Date(Date.UTC(2026, 0, 1, 0, n * 15)))
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), hhmm, hhmm, minute, (tz, one, other, at) => {
      const [from = '', to = ''] = [one, other].sort()
      const { day, time } = shownIn(tz, at)
      const meant = from <= time && time < to
      expect(isFrozen(at.toISOString(), weekly(day, from, to, tz)) || !meant).toBe(true)
    }),
    { numRuns: 2_000 },
  )
})

// Days around changes of the clocks in these zones in 2026.
const CHANGES = ['03-08', '03-29', '04-05', '09-06', '10-04', '10-25', '11-01', '02-15', '03-22']

test.each(ZONES)('whole days that follow each other leave no crack where the clocks change, in %s', (tz) => {
  const hours = CHANGES.flatMap((date) =>
    Array.from({ length: 30 }, (_, i) => new Date(Date.parse(`2026-${date}T00:59:59Z`) + (i - 3) * 3_600_000)),
  )
  const cracks = hours.filter((at) => {
    const days = [-1, 0, 1].map((more) => DAYS[(at.getUTCDay() + 7 + more) % 7]).join(' ')
    return !isFrozen(at.toISOString(), weekly(days, '00:00', '24:00', tz))
  })
  expect(cracks).toEqual([])
})
