import type { Octokit } from 'octokit'
import { type Conversation, ToolError } from '../agent/ports.ts'
import { here, type Repo } from './github.ts'

type Comment = Awaited<ReturnType<Octokit['rest']['issues']['listComments']>>['data'][number]

// A marker that is not among a thousand comments is not there: then there is a second comment, and no more than that.
const PAGES = 10

/**
 * One comment for each `marker`: it is edited where it is there already, so a process that died between writing it and remembering that
 * it did makes no second one. `self`: who we are at GitHub; null where that cannot be known.
 */
export const say = async (
  repo: Repo,
  self: string | null,
  number: number,
  marker: string,
  text: string,
): Promise<void> => {
  const hidden = `<!-- deploybot ${marker} -->`
  const body = `${hidden}\n${text}`
  const mine = await find(repo, number, (comment) => isOurs(comment, self) && startsWith(comment, hidden))
  const { octokit, owner, repo: name } = repo
  const place = { owner, repo: name, body, request: here }
  const { status } = mine
    ? await octokit.rest.issues.updateComment({ ...place, comment_id: mine.id })
    : await octokit.rest.issues.createComment({ ...place, issue_number: number })
  // A redirect is not followed, so nothing was written.
  if (Number(status) >= 300) throw new ToolError('moved', `${owner}/${name} has moved; name it anew in deploybot.yaml`)
}

/** Anybody may write our marker into a comment of their own, and then make ours say what they like. */
const isOurs = ({ user }: Comment, self: string | null): boolean =>
  self === null ? user?.type === 'Bot' : user?.login === self

const startsWith = ({ body = '' }: Comment, hidden: string): boolean => body.split(/\r?\n/, 1)[0] === hidden

const find = async (
  { octokit, owner, repo }: Repo,
  number: number,
  fits: (comment: Comment) => boolean,
): Promise<Comment | null> => {
  const asked = { owner, repo, issue_number: number, per_page: 100 }
  let page = 0
  for await (const { data } of octokit.paginate.iterator(octokit.rest.issues.listComments, asked)) {
    const found = data.find(fits)
    if (found) return found
    page += 1
    if (page === PAGES) break
  }
  return null
}

export const react = async (
  { octokit, owner, repo }: Repo,
  id: number,
  content: Parameters<Conversation['react']>[2],
): Promise<void> => {
  await octokit.rest.reactions.createForIssueComment({ owner, repo, comment_id: id, content, request: here })
}
