import { addDays, localOf, momentOf } from './zoned.ts'

export const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Day = (typeof DAYS)[number]

/** When nothing may be deployed: on these days of each week between two times, or on all days from a first to a last. */
export type Freeze = { tz: string; reason: string } & (
  | { days: Day[]; from: string; to: string }
  | { first: string; last: string }
)

/** A freeze that holds now. `until` is when none holds any more; null: not for months. */
export interface Frozen {
  reason: string
  tz: string
  until: string | null
}

interface Window {
  freeze: Freeze
  end: number
}

// Windows that meet are one: Friday evening, Saturday and Sunday end on Monday. So many may follow each other.
const MOST_WINDOWS = 100

/** What freezes this moment, by the database's time; null: nothing. */
export const frozenAt = (at: string, freezes: readonly Freeze[]): Frozen | null => {
  const first = windowAt(Date.parse(at), freezes)
  if (!first) return null
  const { reason, tz } = first.freeze
  let { end } = first
  for (let count = 0; count < MOST_WINDOWS; count++) {
    const next = windowAt(end, freezes)
    if (!next) return { reason, tz, until: new Date(end).toISOString() }
    end = next.end
  }
  return { reason, tz, until: null }
}

/** The end of a freeze as people there would say it: `Mon 2026-12-28 00:00 (Europe/Berlin)`. */
export const endInWords = ({ until, tz }: Frozen): string => {
  if (until === null) return 'for months to come'
  const { date, time } = localOf(Date.parse(until), tz)
  const day = weekday(date)
  return `until ${day.charAt(0).toUpperCase()}${day.slice(1)} ${date} ${time} (${tz})`
}

/** Of the windows around this moment the one that ends last. */
const windowAt = (moment: number, freezes: readonly Freeze[]): Window | null =>
  freezes
    .map((freeze) => ({ freeze, end: endAt(moment, freeze) }))
    .reduce<Window | null>((last, { freeze, end }) => (end > (last?.end ?? 0) ? { freeze, end } : last), null)

/** When this freeze ends, if `moment` lies within it; otherwise 0. Where a day's first hour comes twice it began with the day before. */
const endAt = (moment: number, freeze: Freeze): number => {
  const { date } = localOf(moment, freeze.tz)
  const ends = [addDays(date, -1), date, addDays(date, 1)].flatMap((day) => {
    const times = timesOn(day, freeze)
    if (!times) return []
    const start = momentOf(day, times.from, freeze.tz, 'first')
    const end = momentOf(day, times.to, freeze.tz, 'last')
    return start <= moment && moment < end ? [end] : []
  })
  return Math.max(0, ...ends)
}

const timesOn = (date: string, freeze: Freeze): { from: string; to: string } | null => {
  if ('days' in freeze) return freeze.days.includes(weekday(date)) ? freeze : null
  return freeze.first <= date && date <= freeze.last ? { from: '00:00', to: '24:00' } : null
}

const weekday = (date: string): Day => DAYS[new Date(`${date}T00:00:00Z`).getUTCDay()] ?? 'sun'
