import type { Waiting } from '../agent/ports.ts'
import { compare } from './commits.ts'
import { deploymentsOf, type Listed, newestIn } from './deployments.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'
import { ask, commitOf, TARGET, type Target } from './graphql.ts'
import { liveIn } from './live.ts'

interface Found {
  branch: { target: Target } | null
  here: Listed
}

/** Commits of a branch that are not live in a place; null: none, or nothing is live there that they could be compared with. */
export const waiting = async (
  repo: Repo,
  { service, environment, ref }: { service: string; environment: string; ref: string },
): Promise<Waiting | null> => {
  const fields = `branch: ref(qualifiedName: $branch) { ${TARGET} } here: ${newestIn('here')}`
  const values = { branch: `refs/heads/${ref}`, here: environment }
  const { branch, here } = await ask<Found>(repo, ', $branch: String!, $here: String!', fields, values)
  const live = await liveIn(repo, deploymentsOf(here), { service, environment })
  const head = commitOf(branch?.target)?.oid
  if (!live || !head || live.sha === head) return null
  const found = await orNull(compare(repo, live.sha, head))
  if (!found || found.ahead_by === 0) return null
  return { live: { tag: live.tag, sha: live.sha }, head, commits: found.ahead_by, url: found.url }
}
