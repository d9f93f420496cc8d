import type { Commit, Event, EventOf, Json, LiveDeployment } from '../event.ts'
import { isResult } from '../event.ts'
import { shown, tidy } from '../shown.ts'
import { isStep } from '../situate-step.ts'
import type { WriteIntent } from '../step.ts'
import { clean, firstLine } from '../text.ts'
import { compactError } from './error.ts'

const TAGS = 10
const COMMITS = 10
const RUNS = 5
const LINE = 120

/** What of an event stands in the model's window: its facts, a line each. Null: nothing. `at(seq)`: an event before it. */
export const compact = (event: Event, at: (seq: number) => Event | undefined, words?: number): Json => {
  if (isResult(event)) return result(event)
  // Its tag says which step it is.
  if (isStep(event)) return without(shown(event), ['intent'])
  switch (event.type) {
    case 'error':
      return compactError(event.data, event.data.to === undefined ? undefined : at(event.data.to))
    case 'list_git_tags_result':
      return tags(event.data)
    case 'list_git_commits_result':
      return { ref: clean(event.data.ref, LINE), ...commits(event.data.commits) }
    case 'compare_commits_result':
      return compared(event.data)
    case 'check_deployment_status_result':
      return standing(event.data)
    case 'get_workflow_status_result':
      return runs(event.data)
    case 'approval_requested':
      return asked(event)
    case 'approval_waived':
      return { sha: short(event.data.sha), reason: clean(event.data.reason, LINE) }
    case 'run_reported':
      return without(shown(event), ['dispatch_id', 'run_id', ...(event.data.attempt === 1 ? ['attempt'] : [])])
    case 'dispatch_unclear':
    case 'dispatch_unknown':
      return without(shown(event), ['dispatch_id'])
    default:
      // Seqs say nothing to whoever sees none.
      return without(shown(event, words), ['to'])
  }
}

/** The first seven digits, which GitHub takes for the whole; all of it only where there is no tag to name it by. */
const short = (sha: string): string => clean(sha.slice(0, 7), 7)
const day = (at: string): string => clean(at.slice(0, 10), 10)

const named = ({ tag, sha }: { tag: string | null; sha: string }): string =>
  tag === null || sha.startsWith(tag) ? clean(tag ?? sha, 40) : `${clean(tag, LINE)} ${short(sha)}`

const more = (there: number, most: number, further = false): { [name: string]: Json } => {
  if (there > most) return { more: `and ${there - most}${further ? ' and' : ''} more` }
  return further ? { more: 'and more' } : {}
}

const tags = (data: EventOf<'list_git_tags_result'>['data']): Json => ({
  tags: data.tags.slice(0, TAGS).map(({ name, commit, date, repository }) => {
    const parts = [clean(name, LINE), short(commit), date && day(date), repository && clean(repository, LINE)]
    return parts.filter(Boolean).join(' ')
  }),
  ...more(data.tags.length, TAGS, data.more),
})

const commits = (all: Commit[], total = all.length): { [name: string]: Json } => ({
  commits: all
    .slice(0, COMMITS)
    .map(
      ({ sha, message, author, date }) =>
        `${short(sha)} ${clean(firstLine(message), LINE)} (${clean(author, 40)}, ${day(date)})`,
    ),
  ...more(total, COMMITS),
})

const compared = ({ base, head, url, elsewhere, ...here }: EventOf<'compare_commits_result'>['data']): Json => ({
  base: clean(base, LINE),
  head: clean(head, LINE),
  ahead_by: here.ahead_by,
  behind_by: here.behind_by,
  ...commits(here.commits, here.ahead_by),
  url: clean(url, 300),
  ...(elsewhere
    ? {
        elsewhere: elsewhere.map(({ repository, ahead_by, behind_by, commits: others }) => ({
          repository: clean(repository ?? '', LINE),
          ahead_by,
          behind_by,
          ...commits(others, ahead_by),
        })),
      }
    : {}),
})

/** What is live, a line a place, by service. */
const standing = ({ live, ...rest }: EventOf<'check_deployment_status_result'>['data']): Json => {
  const services = [...new Set(live.map(({ service }) => service))]
  const of = (service: string) => live.filter((one) => one.service === service).map(inPlace)
  const places = services.map((service) => [clean(service, LINE), Object.fromEntries(of(service))])
  return { live: Object.fromEntries(places), ...(tidy(rest) as object) }
}

const inPlace = (one: LiveDeployment): [string, string] => [
  clean(one.environment, LINE),
  `${named(one)} since ${day(one.since)}`,
]

const runs = ({ workflow_name, runs }: EventOf<'get_workflow_status_result'>['data']): Json => ({
  workflow_name: clean(workflow_name, LINE),
  runs: runs
    .slice(0, RUNS)
    .map(
      ({ id, status, conclusion, title, created_at }) =>
        `${id} ${clean(conclusion ?? status, 20)} ${day(created_at)} ${clean(firstLine(title), LINE)}`,
    ),
  ...more(runs.length, RUNS),
})

/** The step stands above it, with the tag and the place; what was found stands here. */
const asked = (event: EventOf<'approval_requested'>): Json => {
  const { now_live: _, ...rest } = without(shown(event), ['intent', 'gate']) as { [name: string]: Json }
  const { live, sha } = event.data
  return { ...rest, sha: short(sha), now_live: live && named(live) }
}

const result = (event: EventOf<`${WriteIntent}_result`>): Json => {
  const { replaced, sha } = event.data
  const rest = without(shown(event), [
    'run_id',
    'sha',
    'replaced',
    ...(event.data.status === 'success' ? ['message'] : []),
  ])
  return { ...(rest as object), sha: short(sha), ...(replaced ? { replaced: named(replaced) } : {}) }
}

const without = (data: Json, names: string[]): Json =>
  typeof data !== 'object' || data === null || Array.isArray(data)
    ? data
    : Object.fromEntries(Object.entries(data).filter(([name]) => !names.includes(name)))
