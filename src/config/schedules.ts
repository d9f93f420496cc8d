import { Cron } from 'croner'
import type { Policy } from '../thread/policy.ts'
import { quote } from './error.ts'
import type { DeploybotYaml } from './yaml-schema.ts'

type At = (path: string[]) => string

/** What is wrong with `schedules:`, a line each. */
export const scheduleProblems = (yaml: DeploybotYaml, at: At): string[] => {
  const stale = yaml.schedules?.stale_commits
  if (!stale) return []
  const where = (name: string): string => at(['schedules', 'stale_commits', name])
  const { cron, tz = 'UTC', services = [], environment } = stale
  const strange = services.filter((name) => !Object.hasOwn(yaml.services, name))
  return [
    ...(isZone(tz) ? cronProblem(cron, tz).map((why) => `${where('cron')}: ${quote(cron)} ${why}`) : []),
    ...(isZone(tz) ? [] : [`${where('tz')}: there is no time zone ${quote(tz)}; a name such as Europe/Berlin`]),
    ...strange.map((name) => `${where('services')}: there is no service ${quote(name)}`),
    ...(environment !== undefined && !Object.hasOwn(yaml.environments, environment)
      ? [`${where('environment')}: there is no environment ${quote(environment)}`]
      : []),
  ]
}

const isZone = (tz: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: tz }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** Five fields: with a sixth for seconds a slip of the finger would look every second. */
const cronProblem = (cron: string, timezone: string): string[] => {
  if (cron.trim().split(/\s+/).length !== 5) return ['must have five fields, such as "0 9 * * 1-5"']
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun() ? [] : ['never comes']
  } catch (error) {
    return [`is no schedule (${error instanceof Error ? error.message : error})`]
  }
}

export const schedulesOf = ({ schedules, services, environments }: DeploybotYaml): Policy['schedules'] => {
  const stale = schedules?.stale_commits
  if (!stale) return { stale_commits: null }
  const { cron, tz = 'UTC' } = stale
  const names = Object.keys(environments)
  const environment = stale.environment ?? (names.includes('production') ? 'production' : (names.at(-1) ?? ''))
  return { stale_commits: { cron, tz, services: stale.services ?? Object.keys(services), environment } }
}
