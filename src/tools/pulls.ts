import type { Octokit } from 'octokit'
import type { Pulls } from '../agent/ports.ts'
import type { MergedPull } from '../thread/event.ts'
import { clean } from '../thread/text.ts'
import { orNull } from './errors.ts'
import type { Connect, Repo } from './github.ts'

type Pull = Pick<
  Awaited<ReturnType<Octokit['rest']['pulls']['list']>>['data'][number],
  'number' | 'title' | 'user' | 'html_url' | 'merge_commit_sha' | 'base' | 'merged_at' | 'updated_at'
>

const TITLE = 200
const PAGES = 5

/** Pull requests, as GitHub has them now. */
export const createPulls = (connect: Connect, reading: <T>(act: () => Promise<T>) => Promise<T>): Pulls => ({
  merged: (repository, number) => reading(async () => merged(await connect(repository), number)),
  mergedSince: (repository, branch, since) =>
    reading(async () => mergedSince(await connect(repository), branch, since)),
})

const merged = async ({ octokit, owner, repo }: Repo, number: number): Promise<MergedPull | null> => {
  const found = await orNull(octokit.rest.pulls.get({ owner, repo, pull_number: number }))
  return found && mergedPull(found.data, found.data.merged_by?.login ?? null)
}

/** Sorted by their latest change, which a merge is: the first that is older ends the search. */
const mergedSince = async (repo: Repo, branch: string, since: string): Promise<MergedPull[]> => {
  const { octokit, ...place } = repo
  const asked = {
    owner: place.owner,
    repo: place.repo,
    state: 'closed',
    base: branch,
    sort: 'updated',
    per_page: 50,
  } as const
  const found: MergedPull[] = []
  let page = 0
  for await (const { data } of octokit.paginate.iterator(octokit.rest.pulls.list, { ...asked, direction: 'desc' })) {
    const recent = data.filter(({ updated_at }) => updated_at >= since)
    // The list does not say who merged.
    const pulls = recent.filter(({ merged_at }) => merged_at !== null && merged_at >= since)
    found.push(...pulls.flatMap((pull) => mergedPull(pull, null) ?? []))
    page += 1
    if (recent.length < data.length || page === PAGES) break
  }
  return found.sort((a, b) => a.merged_at.localeCompare(b.merged_at) || a.number - b.number)
}

const mergedPull = (pull: Pull, merged_by: string | null): MergedPull | null => {
  const { number, title, user, html_url: url, merge_commit_sha: sha, base, merged_at } = pull
  if (!merged_at || !sha) return null
  const words = { title: clean(title, TITLE), author: clean(user?.login ?? 'unknown', TITLE) }
  return { number, ...words, url, sha, branch: base.ref, merged_by, merged_at }
}
