import type { GitTag, ReadResults } from '../thread/event.ts'
import { dateOf } from './commits.ts'
import type { Repo } from './github.ts'
import { byVersion } from './nearest.ts'

const SHOWN = 30
const PAGES = 3

/** A commit's date never changes, so it is asked for once. */
export type CommitDates = Map<string, string>

/** The newest tags. GitHub cannot sort by date, so the highest versions are taken and then put in order of time. */
export const listTags = async (repo: Repo, dates: CommitDates): Promise<ReadResults['list_git_tags']> => {
  const all = await allTags(repo)
  const highest = all.toSorted((a, b) => byVersion(b.name, a.name)).slice(0, SHOWN)
  await learnDates(
    repo,
    dates,
    highest.map(({ commit }) => commit),
  )
  const tags = highest.map(({ name, commit }): GitTag => ({ name, commit, date: dates.get(commit) ?? null }))
  return { tags: tags.sort(newestFirst), more: all.length > SHOWN }
}

/** Names with the commits that they stand for (this list has annotated tags dereferenced), at most 300. */
export const allTags = async ({ octokit, owner, repo }: Repo): Promise<{ name: string; commit: string }[]> => {
  const tags: { name: string; commit: string }[] = []
  let page = 0
  for await (const { data } of octokit.paginate.iterator(octokit.rest.repos.listTags, { owner, repo, per_page: 100 })) {
    tags.push(...data.map(({ name, commit }) => ({ name, commit: commit.sha })))
    page += 1
    if (page === PAGES) break
  }
  return tags
}

const newestFirst = (a: GitTag, b: GitTag): number =>
  (b.date ?? '').localeCompare(a.date ?? '') || byVersion(b.name, a.name)

/** One request tells a hundred dates, and most tags are among them; only the others are asked for one by one. */
const learnDates = async (repo: Repo, dates: CommitDates, shas: string[]): Promise<void> => {
  const missing = () => shas.filter((sha) => !dates.has(sha))
  if (missing().length === 0) return
  if (dates.size > 10_000) dates.clear()
  const { octokit, ...place } = repo
  const { data } = await octokit.rest.repos.listCommits({ owner: place.owner, repo: place.repo, per_page: 100 })
  for (const { sha, commit } of data) dates.set(sha, dateOf(commit))
  for (const some of inGroups(missing(), 5)) await Promise.all(some.map((sha) => learnDate(repo, dates, sha)))
}

const learnDate = async ({ octokit, owner, repo }: Repo, dates: CommitDates, sha: string): Promise<void> => {
  const { data } = await octokit.rest.git.getCommit({ owner, repo, commit_sha: sha })
  dates.set(sha, dateOf(data))
}

export const inGroups = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, index) => list.slice(index * size, (index + 1) * size))
