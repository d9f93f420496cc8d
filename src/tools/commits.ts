import type { Octokit } from 'octokit'
import { ToolError } from '../agent/ports.ts'
import type { ChangedFiles, Commit, ReadResults } from '../thread/event.ts'
import { clean, firstLine } from '../thread/text.ts'
import { hasStatus } from './errors.ts'
import type { Repo } from './github.ts'

type ApiCommit = Awaited<ReturnType<Octokit['rest']['repos']['listCommits']>>['data'][number]
export type Comparison = Awaited<ReturnType<typeof compare>>

const MAX_MESSAGE = 200
const MAX_NAME = 100
const PATHS = 50
const COMMITS = 50

/** A commit in a line: who, when and the first line of what. */
const toCommit = ({ sha, commit, author }: ApiCommit): Commit => {
  const login = author && 'login' in author && typeof author['login'] === 'string' ? author['login'] : null
  return {
    sha,
    message: clean(firstLine(commit.message), MAX_MESSAGE),
    author: clean(commit.author?.name ?? login ?? 'unknown', MAX_NAME),
    ...(login === null ? {} : { author_login: clean(login, MAX_NAME) }),
    date: commit.committer?.date ?? commit.author?.date ?? '',
  }
}

export const listCommits = async ({ octokit, owner, repo }: Repo, ref: string): Promise<Commit[]> => {
  try {
    const { data } = await octokit.rest.repos.listCommits({ owner, repo, sha: ref, per_page: 20 })
    return data.map(toCommit)
  } catch (error) {
    throw hasStatus(error, 404, 409, 422) ? unknownRef(ref) : error
  }
}

/** Without paging, as then the newest commit is the last of the (at most 250) that GitHub lists. */
export const compare = async ({ octokit, owner, repo }: Repo, base: string, head: string) => {
  const basehead = `${base}...${head}`
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ owner, repo, basehead })
  return {
    status: data.status,
    ahead_by: data.ahead_by,
    behind_by: data.behind_by,
    commits: data.commits.slice(-COMMITS).reverse().map(toCommit),
    files: filesOf(data.files ?? []),
    url: data.html_url,
  }
}

/** GitHub lists 300 files at most, so `total` is never more. */
const filesOf = (files: { filename: string }[]): ChangedFiles => ({
  total: files.length,
  paths: files.slice(0, PATHS).map(({ filename }) => clean(filename, MAX_MESSAGE)),
})

export const compareCommits = async (
  repo: Repo,
  base: string,
  head: string,
): Promise<ReadResults['compare_commits']> => {
  try {
    const { status: _, files: __, ...compared } = await compare(repo, base, head)
    return { base, head, ...compared }
  } catch (error) {
    throw hasStatus(error, 404, 422) ? unknownRef(`${base} or ${head}`) : error
  }
}

const unknownRef = (ref: string) =>
  new ToolError('unknown_ref', `no tag, branch or commit is called ${ref.slice(0, 200)}`)
