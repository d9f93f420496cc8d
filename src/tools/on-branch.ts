import { ToolError } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'

/** Refuses a commit that is not on the branch: GitHub still shows it for weeks after its history was rewritten. */
export const requireOnBranch = async ({ octokit, owner, repo }: Repo, sha: string, branch: string): Promise<void> => {
  const asked = { owner, repo, basehead: `${sha}...${branch}`, per_page: 1 }
  const status = (await orNull(octokit.rest.repos.compareCommitsWithBasehead(asked)))?.data.status
  if (status === 'ahead' || status === 'identical') return
  throw new ToolError('not_on_branch', `${sha.slice(0, 7)} is not on ${branch} any more: its history was rewritten`)
}
