import type { Facts } from '../thread/event.ts'
import type { Target } from '../thread/policy.ts'
import { type Comparison, compare } from './commits.ts'
import { type Deployment, type Live, listDeployments, liveAmong, PAGE, succeeded, taskOf } from './deployments.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'
import { resolve } from './resolve.ts'
import { requireWorkflow } from './workflows.ts'

/** What a write step would ship, as GitHub has it now: two rounds of requests, each round at once. */
export const prepare = async (repo: Repo, target: Target): Promise<Facts> => {
  const { repository, workflow, ref, service, environment, tag, after } = target
  const task = taskOf(service)
  const [sha, here, before] = await Promise.all([
    resolve(repo, tag),
    listDeployments(repo, { task, environment }),
    after ? listDeployments(repo, { task, environment: after }) : [],
    requireWorkflow(repo, workflow),
  ])
  const [shipped, stage] = await Promise.all([
    whatWouldShip(repo, here, sha),
    after ? stageOf(repo, before, { task, environment: after, sha }) : null,
  ])
  return { repository, workflow, ref, service, environment, tag, sha, ...shipped, stage }
}

type Shipped = Pick<Facts, 'live' | 'direction' | 'commits' | 'commits_total' | 'compare_url'>

/** The newest deployment is nearly always the live one, so the comparison with it is asked for before that is known. */
const whatWouldShip = async (repo: Repo, here: Deployment[], sha: string): Promise<Shipped> => {
  const guess = here[0]?.sha
  const [live, guessed] = await Promise.all([liveAmong(repo, here), guess ? difference(repo, guess, sha) : null])
  const found = live && live.sha !== guess ? await difference(repo, live.sha, sha) : guessed
  return shippedOf(repo, live, found, sha)
}

const difference = (repo: Repo, live: string, sha: string): Promise<Comparison | null> =>
  live === sha ? Promise.resolve(null) : orNull(compare(repo, live, sha))

const nothing = { commits: [], commits_total: 0, compare_url: null }

const shippedOf = async (repo: Repo, live: Live | null, found: Comparison | null, sha: string): Promise<Shipped> => {
  if (!live) return { live, direction: 'first', ...nothing }
  if (live.sha === sha) return { live, direction: 'same', ...nothing }
  // What is live was rewritten out of the history: that is all that can be said.
  if (!found) return { live, direction: 'diverged', ...nothing }
  if (found.status === 'behind') return undone(live, await compare(repo, sha, live.sha))
  const direction = found.status === 'ahead' ? 'forward' : 'diverged'
  return { live, direction, commits: found.commits, commits_total: found.ahead_by, compare_url: found.url }
}

/** Going backward ships nothing new: what matters are the commits that it takes away. */
const undone = (live: Live, { commits, ahead_by, url }: Comparison): Shipped => ({
  live,
  direction: 'backward',
  commits,
  commits_total: ahead_by,
  compare_url: url,
})

interface Stage {
  task: string
  environment: string
  sha: string
}

const stageOf = async (repo: Repo, recent: Deployment[], stage: Stage): Promise<NonNullable<Facts['stage']>> => {
  const same = recent.filter(({ sha }) => sha === stage.sha)
  const asked = same.length === 0 && recent.length === PAGE ? await listDeployments(repo, stage) : same
  return { environment: stage.environment, succeeded: await succeeded(repo, asked) }
}
