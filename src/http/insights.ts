import type { Week } from '../agent/ports.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'

/** So many weeks may be looked at: a handful, so that what was counted can be kept. */
export const SPANS = ['4', '12', '26', '52'] as const
export type Span = (typeof SPANS)[number]

export interface Insights {
  environment: string
  span: Span
  /** Mondays, the oldest first; the last is of the week that is going on. */
  mondays: string[]
  weeks: Week[]
}

type Deps = Pick<AppDeps, 'policy' | 'deployments' | 'log'>

// A year of 100,000 deployments takes Postgres a third of a second: so often it may.
const KEPT_MS = 30_000
const DAY_MS = 86_400_000

/** What became of deployments, week by week. Counted at most every half minute for each environment and span. */
export const createInsights = ({ policy, deployments, log }: Deps) => {
  const kept = new Map<string, { until: number; counted: Promise<Insights> }>()
  const count = async (environment: string, span: Span): Promise<Insights> => {
    const mondays = mondaysUntil(await log.now(), Number(span))
    const weeks = await deployments.weeks(environment, `${mondays[0]}T00:00:00.000Z`)
    return { environment, span, mondays, weeks }
  }
  return (environment = lastStage(policy), span: Span = '12'): Promise<Insights> => {
    if (!Object.hasOwn(policy.environments, environment)) {
      throw new Problem(
        404,
        'unknown_place',
        `there is no such environment; there are: ${Object.keys(policy.environments).join(', ')}`,
      )
    }
    const key = `${environment} ${span}`
    const before = kept.get(key)
    if (before && performance.now() < before.until) return before.counted
    const counted = count(environment, span)
    kept.set(key, { until: performance.now() + KEPT_MS, counted })
    counted.catch(() => kept.delete(key))
    return counted
  }
}

/** Where nothing comes after: what is there is what users see. */
const lastStage = ({ environments }: Deps['policy']): string => {
  const names = Object.keys(environments)
  const befores = Object.values(environments).map(({ after }) => after)
  return names.findLast((name) => befores.includes(name) === false) ?? names.at(-1) ?? ''
}

const mondaysUntil = (now: string, count: number): string[] => {
  const today = Date.parse(`${now.slice(0, 10)}T00:00:00Z`)
  const monday = today - ((new Date(today).getUTCDay() + 6) % 7) * DAY_MS
  return Array.from({ length: count }, (_, i) =>
    new Date(monday - (count - 1 - i) * 7 * DAY_MS).toISOString().slice(0, 10),
  )
}
