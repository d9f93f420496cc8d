import { ToolError } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'

/** How a branch stands to a commit, as a part of a query whose variables hold their names; GitHub knows this since October 2022. */
export const STANDING = 'branch: ref(qualifiedName: $branch) { compare(headRef: $commit) { status } }'
export type Standing = { compare: { status: string } | null } | null

/**
 * Refuses a commit that is not on the branch: GitHub still shows it for weeks after its history was rewritten. `standing`: what GitHub
 * said of that very commit just now; where it said nothing, it is asked.
 */
export const requireOnBranch = async (
  repo: Repo,
  sha: string,
  branch: string,
  standing: Standing | undefined,
): Promise<void> => {
  const isOn = standing?.compare ? BELOW.includes(standing.compare.status) : await isBelow(repo, sha, branch)
  if (isOn) return
  throw new ToolError('not_on_branch', `${sha.slice(0, 7)} is not on ${branch} any more: its history was rewritten`)
}

const BELOW = ['BEHIND', 'IDENTICAL']

const isBelow = async ({ octokit, owner, repo }: Repo, sha: string, branch: string): Promise<boolean> => {
  const asked = { owner, repo, basehead: `${sha}...${branch}`, per_page: 1 }
  const status = (await orNull(octokit.rest.repos.compareCommitsWithBasehead(asked)))?.data.status
  return status === 'ahead' || status === 'identical'
}
