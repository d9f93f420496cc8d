import type { Octokit } from 'octokit'
import { type Conversation, ToolError } from '../agent/ports.ts'
import { orNull } from './errors.ts'
import { here, type Repo } from './github.ts'

type Comment = Awaited<ReturnType<Octokit['rest']['issues']['listComments']>>['data'][number]

// A marker that is not among a thousand comments is not there: then there is a second comment, and no more than that.
const PAGES = 10

/** The numbers of our comments: what this process has written or found need not be looked for. */
export type Written = Map<string, number>

const MOST = 1_000

interface Said {
  number: number
  marker: string
  text: string
}

/**
 * One comment for each `marker`: it is edited where it is there already, so a process that died between writing it and remembering that
 * it did makes no second one. `self`: who we are at GitHub; null where that cannot be known.
 */
export const say = async (
  repo: Repo,
  self: () => Promise<string | null>,
  { number, marker, text }: Said,
  written: Written,
): Promise<void> => {
  const hidden = `<!-- deploybot ${marker} -->`
  const body = `${hidden}\n${text}`
  const key = `${repo.owner}/${repo.repo}#${number} ${marker}`
  const known = written.get(key)
  if (known !== undefined && (await edit(repo, known, body))) return
  const us = await self()
  const mine = await find(repo, number, (comment) => isOurs(comment, us) && startsWith(comment, hidden))
  const id = mine && (await edit(repo, mine.id, body)) ? mine.id : await create(repo, number, body)
  written.delete(key)
  written.set(key, id)
  const [oldest] = written.keys()
  if (written.size > MOST && oldest !== undefined) written.delete(oldest)
}

/** False: somebody took it away. */
const edit = async (repo: Repo, comment_id: number, body: string): Promise<boolean> => {
  const { octokit, owner, repo: name } = repo
  const edited = await orNull(octokit.rest.issues.updateComment({ owner, repo: name, comment_id, body, request: here }))
  requireWritten(repo, edited?.status)
  return edited !== null
}

const create = async (repo: Repo, issue_number: number, body: string): Promise<number> => {
  const { octokit, owner, repo: name } = repo
  const asked = { owner, repo: name, issue_number, body, request: here }
  const { status, data } = await octokit.rest.issues.createComment(asked)
  requireWritten(repo, status)
  return Number(data.id)
}

/** A redirect is not followed, so nothing was written. */
const requireWritten = ({ owner, repo }: Repo, status: number | undefined): void => {
  if (Number(status) >= 300) throw new ToolError('moved', `${owner}/${repo} has moved; name it anew in deploybot.yaml`)
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
