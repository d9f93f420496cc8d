import type { Pull, PullComment } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import type { Repo } from './github.ts'

/** A pull request as it is now. */
export const readPull = async ({ octokit, owner, repo }: Repo, number: number): Promise<Pull | null> => {
  const found = await orNull(octokit.rest.pulls.get({ owner, repo, pull_number: number }))
  if (!found) return null
  const { data } = found
  return {
    number: data.number,
    title: data.title,
    url: data.html_url,
    head_sha: data.head.sha,
    // Null: the fork is gone, and its commits are still here.
    from_fork: data.head.repo?.id !== data.base.repo.id,
  }
}

/** Whom GitHub shows in the place of a deleted account. */
const GHOST = 'ghost'

/** A comment as it is now, if it is one on an issue or pull request. */
export const readComment = async ({ octokit, owner, repo }: Repo, id: number): Promise<PullComment | null> => {
  const found = await orNull(octokit.rest.issues.getComment({ owner, repo, comment_id: id }))
  if (!found) return null
  const { user, issue_url, body = '', created_at, updated_at } = found.data
  const number = Number(issue_url.split('/').at(-1))
  if (!Number.isSafeInteger(number)) return null
  return {
    id,
    pull_request: number,
    login: user?.login ?? GHOST,
    is_bot: user?.type !== 'User',
    body,
    created_at,
    edited: created_at !== updated_at,
  }
}
