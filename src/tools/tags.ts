import type { GitTag, ReadResults } from '../thread/event.ts'
import type { Repo } from './github.ts'
import { ask, commitOf, type Nodes, nodesOf, TARGET, type Target } from './graphql.ts'
import { byVersion } from './nearest.ts'

const SHOWN = 30
const PAGE = 100
const PAGES = 3

interface Refs extends Nodes<{ name: string; target: Target }> {
  totalCount: number
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

/** The newest tags by the date of their commits, in one request. */
export const listTags = async (repo: Repo): Promise<ReadResults['list_git_tags']> => {
  const refs = await page(repo, SHOWN, null)
  const tags = nodesOf(refs).flatMap(({ name, target }): GitTag[] => {
    const commit = commitOf(target)
    return commit ? [{ name, commit: commit.oid, date: commit.date || null }] : []
  })
  return { tags: tags.sort(newestFirst), more: (refs?.totalCount ?? 0) > SHOWN }
}

/** The names of the newest tags, at most 300. */
export const tagNames = async (repo: Repo): Promise<string[]> => {
  const names: string[] = []
  let after: string | null = null
  for (let pages = 0; pages < PAGES; pages += 1) {
    const refs: Refs | null = await page(repo, PAGE, after)
    names.push(...nodesOf(refs).map(({ name }) => name))
    if (!refs?.pageInfo.hasNextPage) break
    after = refs.pageInfo.endCursor
  }
  return names
}

const page = async (repo: Repo, first: number, after: string | null): Promise<Refs | null> => {
  const fields = `refs(refPrefix: "refs/tags/", first: $first, after: $after, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {
    totalCount pageInfo { hasNextPage endCursor } nodes { name ${TARGET} } }`
  return (await ask<{ refs: Refs | null }>(repo, ', $first: Int, $after: String', fields, { first, after })).refs
}

export const newestFirst = (a: GitTag, b: GitTag): number =>
  (b.date ?? '').localeCompare(a.date ?? '') || byVersion(b.name, a.name)
