import type { Commit, EventOf, Json, LiveDeployment, Lock, OpenRun } from '../event.ts'
import type { ReadIntent } from '../step.ts'
import { clean, firstLine } from '../text.ts'

const TAGS = 10
const COMMITS = 10
const RUNS = 5
const GUARDS = 5
const LINE = 120

/** What was looked up, a line each, and of many the newest. */
export const found = (event: EventOf<`${ReadIntent}_result`>): Json => {
  switch (event.type) {
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
  }
}

/** The first seven digits, which GitHub takes for the whole; all of it only where there is no tag to name it by. */
export const short = (sha: string): string => clean(sha.slice(0, 7), 7)
const day = (at: string): string => clean(at.slice(0, 10), 10)

export const named = ({ tag, sha }: { tag: string | null; sha: string }): string =>
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

/** What is live, a line a place, by service; and a line for each thing that stands in the way. */
const standing = (data: EventOf<'check_deployment_status_result'>['data']): Json => {
  const { live, deploying = [], locks = [], frozen = [], open_runs = [] } = data
  const services = [...new Set(live.map(({ service }) => service))]
  const of = (service: string) => live.filter((one) => one.service === service).map(inPlace)
  return {
    live: Object.fromEntries(services.map((service) => [clean(service, LINE), Object.fromEntries(of(service))])),
    ...some(
      'deploying',
      deploying.map(({ service, environment, title }) => `${service} on ${environment}: ${title}`),
    ),
    ...some('open_runs', open_runs.map(runInWords)),
    ...some('locked', locks.map(lockInWords)),
    ...some(
      'frozen',
      frozen.map(({ environment, until, reason }) => `${environment}${untilInWords(until)}: ${reason}`),
    ),
  }
}

/** It says itself what it is: no prompt has to. */
const runInWords = ({ services, workflow, status, by, since, title }: OpenRun): string =>
  `${services.join(' or ')}: ${workflow} ${status} since ${since.slice(0, 16)}Z, started at GitHub by ${by}: ${title}`

const lockInWords = ({ service, environment, by, until, reason }: Lock): string =>
  `${service ?? 'all'} on ${environment}${by === null ? '' : ` by ${by}`}${untilInWords(until)}: ${reason}`
const untilInWords = (until: string | null): string => (until === null ? '' : ` until ${until.slice(0, 16)}Z`)

const some = (name: string, lines: string[]): { [name: string]: Json } =>
  lines.length === 0
    ? {}
    : {
        [name]: [
          ...lines.slice(0, GUARDS).map((line) => clean(firstLine(line), LINE)),
          ...(lines.length > GUARDS ? [`and ${lines.length - GUARDS} more`] : []),
        ],
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
