import type { Actor, Commit, Event, EventOf, JobReport, Json } from './event.ts'
import { clean, firstLine } from './text.ts'

const WORDS = 4_000
const LINE = 200
const COMMITS = 20
const TAGS = 20

/** What of an event is worth showing, `words` of people up to that many characters; null: nothing, as it is code's own bookkeeping. */
export const shown = (event: Event, words = WORDS): Json => {
  switch (event.type) {
    case 'tool_started':
    case 'human_contacted':
    case 'contacts_named':
    case 'dispatch_accepted':
    case 'dispatch_claimed':
    case 'run_cancel_requested':
    case 'parent_told':
    case 'merges_handed_on':
    case 'thread_failed':
      return null
    case 'thread_launched':
      return event.data.context === undefined ? null : { context: tidy(event.data.context) }
    case 'message':
      return { from: who(event.actor), message: clean(event.data.message, words) }
    case 'human_response':
    case 'approval_given':
    case 'approval_denied': {
      const { to: _, ...data } = event.data
      return tidy({ from: who(event.actor), ...without(data, 'args_hash', 'signed_in_at') }, words)
    }
    case 'approval_requested':
      return asked(event.data)
    case 'error': {
      const { doubt: _, judged: __, ...data } = event.data
      return tidy(data)
    }
    case 'approval_waived': {
      const { service, environment, tag, sha, reason } = event.data
      return { service, environment, tag, sha, reason }
    }
    case 'run_reported': {
      const { jobs, ...report } = event.data
      return tidy({ ...report, jobs: jobs && { of: jobs.length, ended: jobs.filter(hasEnded).length } })
    }
    case 'glass_broken': {
      const { by, reason, blocked } = event.data
      return tidy({ by, reason, blocked: blocked.map(({ message }) => message) })
    }
    case 'list_git_tags_result': {
      const { tags, more } = event.data
      return tidy({ tags: tags.slice(0, TAGS), more: more || tags.length > TAGS })
    }
    case 'list_git_commits_result':
      return tidy({ ...event.data, commits: lines(event.data.commits) })
    case 'compare_commits_result': {
      const { elsewhere, ...here } = event.data
      const others = elsewhere?.map((one) => ({ ...one, commits: lines(one.commits) }))
      return tidy({ ...here, commits: lines(here.commits), elsewhere: others })
    }
    default:
      return tidy(event.data as unknown as Json)
  }
}

const asked = (data: EventOf<'approval_requested'>['data']): Json => {
  const { intent, service, environment, tag, sha, live, expires_at, changed, pull_requests, files } = data
  const { busy, blocked, direction, gate } = data
  return tidy({
    intent,
    service,
    environment,
    tag,
    sha,
    now_live: live?.tag ?? live?.sha ?? null,
    expires_at,
    changed,
    // The model needs to know that there is something, people see what.
    pull_requests: pull_requests?.length,
    files: files?.total,
    direction: direction === 'diverged' ? direction : undefined,
    blocked: blocked?.map(({ message }) => message),
    busy,
    gate,
  })
}

const hasEnded = ({ status }: JobReport): boolean => status === 'completed'

const who = (actor: Actor): string =>
  actor.kind === 'person' || actor.kind === 'caller' ? clean(actor.id, LINE) : actor.kind

const lines = (commits: Commit[]): Json[] =>
  commits.slice(0, COMMITS).map(({ repository, sha, message, author, date }) => ({
    ...(repository === undefined ? {} : { repository }),
    sha: sha.slice(0, 12),
    message: clean(firstLine(message), LINE),
    author: clean(author, 80),
    date,
  }))

const without = (data: object, ...keys: string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(data).filter(([name]) => !keys.includes(name)))

/** Cleans every text and leaves out what is not there, in an order that survives being stored. */
const tidy = (value: unknown, words = WORDS): Json => {
  if (typeof value === 'string') return clean(value, words)
  if (Array.isArray(value)) return value.map((item) => tidy(item, words))
  if (typeof value !== 'object' || value === null) return value as Json
  const items = value as { [name: string]: unknown }
  const names = Object.keys(items)
    .filter((name) => items[name] !== undefined)
    .sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1))
  return Object.fromEntries(names.map((name) => [clean(name, 80), tidy(items[name], words)]))
}

/** jsonb gives keys back by length, then by bytes: rendered so from the start, a thread reads the same ever after. */
const place = (key: string): number => (FIRST.includes(key) ? 0 : key.length)
const FIRST = ['intent', 'from', 'name']
