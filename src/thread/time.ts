/** The ISO time `seconds` after `at`. Times come in as text and go out as text; nothing here reads a clock. */
export const after = (at: string, seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString()

export const afterMs = (at: string, ms: number): string => after(at, ms / 1000)

export const reached = (at: string, moment: string): boolean => Date.parse(at) >= Date.parse(moment)

/** How durations are written: 90s, 60m, 2h, 1d. */
export const DURATION = '^[1-9][0-9]{0,4}(s|m|h|d)$'

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 }
export const secondsIn = (duration: string): number =>
  Number(duration.slice(0, -1)) * (SECONDS[duration.slice(-1)] ?? Number.NaN)

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** In the largest unit that fits it exactly: `1 hour`, `90 minutes`. */
export const durationInWords = (seconds: number): string => {
  const [size, unit] = UNITS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, 'second']
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
