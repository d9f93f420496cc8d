import type { Running, Waiting } from '../agent/ports.ts'
import type { Deployment } from '../thread/deployments.ts'
import type { LiveDeployment } from '../thread/event.ts'
import type { HeldLock, Place } from '../thread/lane.ts'
import { repositoryOf } from '../thread/repositories.ts'
import type { AppDeps } from './deps.ts'
import { fewAtOnce } from './few-at-once.ts'
import { createLately, type Lately } from './lately.ts'
import { shared } from './shared.ts'

/** All that is known of the environments now: GitHub's word for what is live, ours for how it came there. */
export interface Environments {
  now: string
  live: Lately<LiveDeployment[]>
  waiting: Lately<Commits[]>
  locks: HeldLock[]
  /** Who deploys where right now. */
  running: Running[]
  history: Deployment[]
}

/** Commits of a service's branch that are not live in a place. */
export interface Commits extends Place {
  waiting: Waiting
}

type Deps = Pick<AppDeps, 'policy' | 'live' | 'branches' | 'deployments' | 'lanes' | 'log'>

const HISTORY = 20
const LIVE_MS = 5_000
// Two questions to GitHub for each place, of some 5,000 an hour that everything has to share: a page that stays open takes 1,200 at most.
const WAITING_MS = 60_000
const WAITING_MS_A_PLACE = 6_000
/** A page that is late is worse than one that says what it does not know. */
const WITHIN_MS = 2_000

export const createEnvironments = ({ policy, live, branches, deployments, lanes, log }: Deps) => {
  const { now } = log
  const places = Object.keys(policy.environments).flatMap((environment) =>
    Object.keys(policy.services).map((service) => ({ service, environment })),
  )
  const waitingIn = async (place: Place): Promise<Commits | null> => {
    const { ref = 'main' } = policy.services[place.service] ?? {}
    const waiting = await branches.waiting(repositoryOf(policy, place.service), { ...place, ref })
    return waiting && { ...place, waiting }
  }
  const askPlaces = async () => (await fewAtOnce(places, waitingIn)).filter((commits) => commits !== null)
  const askLive = createLately(live, { freshMs: LIVE_MS, withinMs: WITHIN_MS, now })
  const freshMs = Math.max(WAITING_MS, places.length * WAITING_MS_A_PLACE)
  const askWaiting = createLately(askPlaces, { freshMs, withinMs: WITHIN_MS, now })
  const askOurs = shared(() =>
    Promise.all([lanes.locked(), lanes.running(), deployments.latest(places, HISTORY), now()]),
  )
  return async (): Promise<Environments> => {
    const commits = askWaiting()
    const [locks, running, history, at] = await askOurs()
    // Newest first: what we deployed since is live now, and whoever sees that it went through looks here for it.
    const [known, waiting] = await Promise.all([askLive(history[0]?.at), commits])
    return { now: at, live: known, waiting, locks, running, history }
  }
}
