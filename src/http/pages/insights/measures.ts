import type { Week } from '../../../agent/ports.ts'
import { duration } from '../words.ts'

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

export const span = (seconds: number): string => duration(seconds * 1_000)

/** In whatever currency the team names prices: small sums to the cent of a cent. */
export const money = (value: number): string =>
  value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: value < 1 ? 4 : 2 })

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
  { name: 'Model cost', of: ({ model_cost }) => model_cost, say: money, nothing: null },
]
