import { Cron } from 'croner'
import type { Policy } from '../thread/policy.ts'
import { repositoryOf } from '../thread/repositories.ts'
import { ENDED } from '../thread/state.ts'
import type { Branches, Door, Listing, Log } from './ports.ts'
import { launchOnce } from './threads.ts'

export interface ScheduleDeps {
  door: Door
  log: Pick<Log, 'now'>
  listing: Pick<Listing, 'latestOf'>
  branches: Branches
  policy: Policy
  /** When this service was set up. */
  setUpAt: () => Promise<string>
}

// A service that was down at nine still asks at ten past; at noon nobody expects it any more.
const GRACE_MS = 30 * 60_000
const SOURCE = 'stale_commits'

/**
 * Opens a thread for each service with commits that wait to be deployed, when it is time. Once per state of things: what is live and what
 * waits are the key under which it is taken, so neither the next day nor another replica asks again before something has changed.
 */
export const createStaleCheck = (deps: ScheduleDeps): (() => Promise<void>) => {
  const schedule = deps.policy.schedules.stale_commits
  const cron = schedule && new Cron(schedule.cron, { timezone: schedule.tz, paused: true })
  let done = 0
  return async () => {
    if (!cron || !schedule) return
    const now = Date.parse(await deps.log.now())
    // The millisecond after: what is due right now counts, and croner means strictly before.
    const [tick] = cron.previousRuns(1, new Date(now + 1))
    const due = tick?.getTime() ?? 0
    if (due <= done || now - due > GRACE_MS) return
    // Whoever starts their first service at ten past nine expects nothing of it but what they ask.
    if (due <= Date.parse(await deps.setUpAt())) return
    for (const service of schedule.services) await check(service, schedule.environment, deps)
    done = due
  }
}

const check = async (service: string, environment: string, deps: ScheduleDeps): Promise<void> => {
  const { door, listing, branches, policy } = deps
  const { ref = 'main' } = policy.services[service] ?? {}
  const waiting = await branches.waiting(repositoryOf(policy, service), { service, environment, ref })
  if (waiting === null) return
  const { live, head, commits, url } = waiting
  const place = `${service}/${environment}`
  const latest = await listing.latestOf(SOURCE, `${place}/`)
  // Somebody is looking at it: what came since they see when they decide.
  if (latest && !ENDED.some((status) => status === latest.status)) return
  const message = `${service} has ${commits} ${commits === 1 ? 'commit' : 'commits'} on ${ref} that ${commits === 1 ? 'is' : 'are'} not on ${environment}. Propose what to do.`
  const context = { service, environment, live: { tag: live.tag, sha: live.sha }, head: { sha: head }, commits, url }
  const actor = { kind: 'caller', id: 'schedule', via: 'schedule' } as const
  const delivery = { source: SOURCE, id: `${place}/${live.sha}..${head}`, body_hash: '' }
  await launchOnce(door, { type: 'launch', agent: 'deploy', message, context, actor }, delivery)
}
