import { ToolError } from '../agent/ports.ts'
import type { ComparedCommits, GitTag, ReadResults } from '../thread/event.ts'
import { compareCommits, listCommits } from './commits.ts'
import type { Repo } from './github.ts'
import { listTags, newestFirst } from './tags.ts'
import { lastRuns } from './workflows.ts'

// As many as a model is shown: each repository has its share, so that a busy one hides no other's.
const TAGS = 20
const COMMITS = 20

/** Most teams have one repository: then nothing is named that nobody could confuse. */
const isOne = (repos: Repo[]): repos is [Repo] => repos.length === 1

const nameOf = ({ owner, repo }: Repo): string => `${owner}/${repo}`
const named = <T extends object>(repo: Repo, found: T[]) => found.map((one) => ({ repository: nameOf(repo), ...one }))

/** The newest tags of these repositories. */
export const tagsIn = async (repos: Repo[]): Promise<ReadResults['list_git_tags']> => {
  if (isOne(repos)) return listTags(repos[0])
  const share = Math.max(1, Math.floor(TAGS / repos.length))
  const lists = await Promise.all(
    repos.map(async (repo) => {
      const { tags, more } = await listTags(repo)
      return { tags: named(repo, tags.slice(0, share)), more: more || tags.length > share }
    }),
  )
  const tags: GitTag[] = lists.flatMap((list) => list.tags)
  return { tags: tags.sort(newestFirst), more: lists.some(({ more }) => more) }
}

/** The newest commits of `ref`, wherever there is one. */
export const commitsIn = async (repos: Repo[], ref: string): Promise<ReadResults['list_git_commits']> => {
  if (isOne(repos)) return { ref, commits: await listCommits(repos[0], ref) }
  const lists = await whereKnown(repos, async (repo) => named(repo, await listCommits(repo, ref)))
  const commits = lists.flat().sort((a, b) => b.date.localeCompare(a.date))
  return { ref, commits: commits.slice(0, COMMITS) }
}

/** Names may mean something in several repositories: then all of it is told. */
export const comparedIn = async (
  repos: Repo[],
  base: string,
  head: string,
): Promise<ReadResults['compare_commits']> => {
  if (isOne(repos)) return compareCommits(repos[0], base, head)
  const [first, ...others] = await whereKnown(repos, async (repo): Promise<ComparedCommits> => {
    const { base: _, head: __, ...compared } = await compareCommits(repo, base, head)
    return { repository: nameOf(repo), ...compared }
  })
  return { base, head, ...(first as ComparedCommits), ...(others.length > 0 ? { elsewhere: others } : {}) }
}

/** The last runs of a workflow, wherever there is one of that name. */
export const runsIn = async (repos: Repo[], workflow: string): Promise<ReadResults['get_workflow_status']['runs']> => {
  if (isOne(repos)) return lastRuns(repos[0], workflow)
  return (await whereKnown(repos, async (repo) => named(repo, await lastRuns(repo, workflow)))).flat()
}

const UNKNOWN = ['unknown_ref', 'unknown_workflow']

/** What those know that know it at all, at least one; where none does, what the first said. */
const whereKnown = async <T>(repos: Repo[], ask: (repo: Repo) => Promise<T>): Promise<T[]> => {
  const answers = await Promise.allSettled(repos.map(ask))
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  const serious = failures.find((error) => !(error instanceof ToolError && UNKNOWN.includes(error.code)))
  const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? [answer.value] : []))
  if (serious !== undefined || found.length === 0) throw serious ?? failures[0]
  return found
}
