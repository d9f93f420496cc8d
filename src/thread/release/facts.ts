import type { DeployResult, MergedPull } from '../event.ts'
import { clean } from '../text.ts'
import type { Failure } from './release.ts'

const MOST_PULLS = 20
const LINE = 200

/** What a child is told of the pull requests that it ships. Their titles are anybody's words. */
export const pullFacts = (pulls: MergedPull[]) =>
  pulls.slice(-MOST_PULLS).map(({ number, title, author, url }) => ({
    number,
    title: clean(title, LINE),
    author: clean(author, LINE),
    url,
  }))

export const failedFacts = ({ message, url, job }: Failure) => ({
  message,
  run_url: url,
  jobs: job ? [job] : [],
})

/** What went live, and what it took the place of: where a rollback would go back to. */
export const liveFacts = (live: DeployResult[]) =>
  live.map(({ service, environment, tag, sha, replaced }) => ({
    service,
    environment,
    tag,
    sha,
    replaced: replaced ? { tag: replaced.tag, sha: replaced.sha } : null,
  }))

/** `a`, `a and b`, `a, b and c`. */
export const tell = (names: string[]): string => {
  const last = names.at(-1) ?? ''
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`
}
