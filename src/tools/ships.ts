import type { Facts } from '../thread/event.ts'
import { type CommitPulls, pullsIn } from './commit-pulls.ts'
import { type Comparison, compare } from './commits.ts'
import type { Live } from './deployment.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'

type Shipped = Pick<
  Facts,
  'live' | 'direction' | 'commits' | 'commits_total' | 'compare_url' | 'pull_requests' | 'files'
>
type Difference = Comparison & { pulls: CommitPulls | null }

/** What lies between two commits never changes, so each pair is asked for once. */
export type Differences = Map<string, Difference>

const MOST = 200
const PULLS = 30

/** What the step would ship: from what is live to `sha`. */
export const whatWouldShip = async (
  repo: Repo,
  known: Differences,
  live: Live | null,
  sha: string,
): Promise<Shipped> => {
  if (!live) return { live, direction: 'first', ...nothing }
  if (live.sha === sha) return { live, direction: 'same', ...nothing }
  const found = await difference(repo, known, live.sha, sha)
  // What is live was rewritten out of the history: that is all that can be said.
  if (!found) return { live, direction: 'diverged', ...nothing }
  if (found.status !== 'behind') {
    return { live, direction: found.status === 'ahead' ? 'forward' : 'diverged', ...shown(found) }
  }
  // Going backward ships nothing new: what matters is what it takes away.
  const undone = await difference(repo, known, sha, live.sha)
  return { live, direction: 'backward', ...(undone ? shown(undone) : nothing) }
}

const nothing = { commits: [], commits_total: 0, compare_url: null }

const shown = ({ commits, ahead_by, url, files, pulls }: Difference) => {
  const numbered =
    pulls && new Map(commits.flatMap(({ sha }) => pulls.get(sha) ?? []).map((pull) => [pull.number, pull]))
  return {
    commits,
    commits_total: ahead_by,
    compare_url: url,
    files,
    ...(numbered ? { pull_requests: [...numbered.values()].slice(0, PULLS) } : {}),
  }
}

const difference = async (repo: Repo, known: Differences, base: string, head: string): Promise<Difference | null> => {
  const key = `${repo.owner}/${repo.repo} ${base}...${head}`
  const before = known.get(key)
  if (before) return before
  const [compared, pulls] = await Promise.all([orNull(compare(repo, base, head)), pullsIn(repo, head)])
  if (!compared) return null
  const found = { ...compared, pulls }
  // Without pull requests it is not all that there is to know: the right to see them may come.
  if (pulls) known.set(key, found)
  const [oldest] = known.keys()
  if (known.size > MOST && oldest !== undefined) known.delete(oldest)
  return found
}
