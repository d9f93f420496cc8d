import { ToolError } from '../agent/ports.ts'
import type { PullRequest } from '../thread/event.ts'
import { clean } from '../thread/text.ts'
import type { Repo } from './github.ts'
import { ask, type Nodes, nodesOf } from './graphql.ts'

/** Which pull requests each commit came with. */
export type CommitPulls = Map<string, PullRequest[]>

interface ApiPull {
  number: number
  title: string
  url: string
  author: { login: string } | null
}
interface Found {
  object: { history?: Nodes<{ oid: string; associatedPullRequests: Nodes<ApiPull> | null }> } | null
}

const FIELDS = `object(expression: $head) { ... on Commit { history(first: 100) { nodes { oid
  associatedPullRequests(first: 3) { nodes { number title url author { login } } } } } } }`

/** Those of the hundred newest commits up to `head`, in one request. Null: whoever asks may not see pull requests. */
export const pullsIn = async (repo: Repo, head: string): Promise<CommitPulls | null> => {
  try {
    const { object } = await ask<Found>(repo, ', $head: String!', FIELDS, { head })
    const commits = nodesOf(object?.history)
    return new Map(commits.map(({ oid, associatedPullRequests: pulls }) => [oid, nodesOf(pulls).map(toPull)]))
  } catch (error) {
    // They are only shown: what an approval binds to does not hang on them.
    if (error instanceof ToolError && error.code === 'github_forbidden') return null
    throw error
  }
}

const toPull = ({ number, title, url, author }: ApiPull): PullRequest => ({
  number,
  title: clean(title, 200),
  author: clean(author?.login ?? 'unknown', 100),
  url: url.slice(0, 300),
})
