const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Asking costs 20 µs, making what is asked 50 times that. */
const formats = new Map<string, Intl.DateTimeFormat>()

const formatOf = (zone: string): Intl.DateTimeFormat => {
  const known = formats.get(zone)
  if (known) return known
  const parts = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', second: '2-digit', ...parts })
  formats.set(zone, format)
  return format
}

/** Whether there is such a time zone: `Europe/Berlin`, `UTC`. */
export const isZone = (zone: string): boolean => {
  try {
    formatOf(zone)
    return true
  } catch {
    return false
  }
}

/** What clocks on the wall there show at this moment, as if it were UTC, in milliseconds; whole seconds. */
const wall = (moment: number, zone: string): number => {
  const found = formatOf(zone).formatToParts(moment)
  const part = (type: string): number => Number(found.find((one) => one.type === type)?.value)
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
}

const offset = (moment: number, zone: string): number => wall(moment, zone) - Math.floor(moment / 1000) * 1000

/** The date there, and the clock: `2026-12-24`, `16:00`. */
export const localOf = (moment: number, zone: string): { date: string; time: string } => {
  const text = new Date(wall(moment, zone)).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 16) }
}

/**
 * When the clocks there show this date and time (24:00 is the end of the day). An hour that comes twice is met at its `first` or `last`
 * passing; one that is skipped, at the moment of the skip. So a window from a first to a last never misses a moment that its words mean.
 */
export const momentOf = (date: string, time: string, zone: string, which: 'first' | 'last'): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number)
  const shown = Date.parse(`${date}T00:00:00Z`) + (hour * 60 + minute) * MINUTE
  // No zone changes its clocks twice within two days.
  const [before, after] = [offset(shown - DAY, zone), offset(shown + DAY, zone)]
  const [early, late] = [shown - Math.max(before, after), shown - Math.min(before, after)]
  const fits = [early, late].filter((moment) => wall(moment, zone) === shown)
  return (which === 'first' ? fits.at(0) : fits.at(-1)) ?? changeBetween(early, late, zone)
}

/** The moment between these at which the clocks are changed. */
const changeBetween = (early: number, late: number, zone: string): number => {
  const old = offset(early, zone)
  let [low, high] = [early, late]
  while (high - low > 1000) {
    const middle = Math.floor((low + high) / 2000) * 1000
    if (offset(middle, zone) === old) low = middle
    else high = middle
  }
  return high
}

export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10)
