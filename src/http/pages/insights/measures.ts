import type { Week } from '../../../agent/ports.ts'

/** One thing that is counted of a week, and how it is said. */
export interface Measure {
  name: string
  /** Null: there was nothing to measure. */
  of: (week: Week) => number | null
  say: (value: number) => string
  /** What a week without any deployment has. */
  nothing: 0 | null
}

export const count = (value: number): string => Math.round(value).toLocaleString('en')

const percent = (value: number): string => `${Math.round(value * 100)} %`

const UNITS = [
  [86_400, 'd'],
  [3_600, 'h'],
  [60, 'min'],
  [1, 's'],
] as const

/** A length of time in its two largest units: `2 h 5 min`. */
export const span = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds))
  const first = UNITS.findIndex(([size]) => whole >= size)
  if (first === -1) return '0 s'
  let left = whole
  return UNITS.slice(first, first + 2)
    .flatMap(([size, unit]) => {
      const many = Math.floor(left / size)
      left -= many * size
      return many === 0 ? [] : [`${many} ${unit}`]
    })
    .join(' ')
}

export const failureRate = ({ changes, failed }: Week): number | null => (changes === 0 ? null : failed / changes)

/** The four of DORA, and what people and models took. */
export const MEASURES: readonly Measure[] = [
  { name: 'Went live', of: ({ deployed }) => deployed, say: count, nothing: 0 },
  { name: 'Lead time', of: ({ lead_seconds }) => lead_seconds, say: span, nothing: null },
  { name: 'Changes that failed', of: failureRate, say: percent, nothing: null },
  { name: 'Time to restore', of: ({ restore_seconds }) => restore_seconds, say: span, nothing: null },
  { name: 'Waiting for people', of: ({ waited_seconds }) => waited_seconds, say: span, nothing: null },
  {
    name: 'Model tokens',
    of: ({ input_tokens, output_tokens }) => input_tokens + output_tokens,
    say: count,
    nothing: 0,
  },
]
