import type { Waiting } from '../agent/ports.ts'
import { compare } from './commits.ts'
import { listDeployments, liveAmong, taskOf } from './deployments.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'
import { branchHead } from './resolve.ts'

/** Commits of a branch that are not live in a place; null: none, or nothing is live there that they could be compared with. */
export const waiting = async (
  repo: Repo,
  { service, environment, ref }: { service: string; environment: string; ref: string },
): Promise<Waiting | null> => {
  const [recent, head] = await Promise.all([
    listDeployments(repo, { task: taskOf(service), environment }),
    branchHead(repo, ref),
  ])
  const live = await liveAmong(repo, recent)
  if (!live || !head || live.sha === head) return null
  const found = await orNull(compare(repo, live.sha, head))
  if (!found || found.ahead_by === 0) return null
  return { live: { tag: live.tag, sha: live.sha }, head, commits: found.ahead_by, url: found.url }
}
