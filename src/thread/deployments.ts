import { type Effort, isDeployment, NO_EFFORT } from './effort.ts'
import type { Actor, DeployResult, Event, EventOf } from './event.ts'
import { fold } from './evolve.ts'
import type { ThreadState } from './state.ts'
import type { WriteIntent } from './step.ts'

/** How one deployment ended, with what people ask about many of them; folded from the log of its thread. */
export interface Deployment extends Effort {
  thread_id: string
  seq: number
  kind: 'deploy' | 'rollback'
  service: string
  environment: string
  tag: string
  sha: string
  status: DeployResult['status']
  replaced_tag: string | null
  replaced_sha: string | null
  html_url: string
  /** Who launched the thread, and who said yes; nobody where none was needed. */
  asked_by: string
  approved_by: string[]
  /** When the oldest of the commits was made that it brought, as far as they are listed; null: it brought none that is known. */
  first_commit_at: string | null
  commits: number
  at: string
}

type Asked = EventOf<'approval_requested' | 'approval_waived'>
type Result = EventOf<`${WriteIntent}_result`>

/**
 * The deployments that ended in this log after `since`; `state`: what it folds to, where that is known. None of a copied part: those are
 * of the thread that it was copied from.
 */
export const deploymentsIn = (events: readonly Event[], since = 0, state?: ThreadState): Deployment[] => {
  // Nearly every append ends none: then nothing but what is new is looked at.
  if (!events.slice(since).some(isDeployment)) return []
  const own = Math.max(since, events.findLast(({ type }) => type === 'forked')?.seq ?? 0)
  const efforts = (state ?? fold(events))?.efforts ?? []
  return events
    .filter(isDeployment)
    .flatMap((event, i) => (event.seq > own ? deploymentOf(event, events, efforts[i] ?? NO_EFFORT) : []))
}

/** None for a gate before a run of ours: the thread that started that run tells of it. */
const deploymentOf = (result: Result, events: readonly Event[], effort: Effort): Deployment[] => {
  const { thread_id, seq, at } = result
  const { service, environment, tag, sha, status, html_url, replaced } = result.data
  const asked = askedFor(events, seq)
  const facts = asked?.data
  if (facts?.gate?.dispatched_by) return []
  const before = replaced ?? facts?.live ?? null
  return [
    {
      ...{ thread_id, seq, service, environment, tag, sha, status, html_url },
      kind: result.type === 'rollback_result' ? 'rollback' : 'deploy',
      replaced_tag: before?.tag ?? null,
      replaced_sha: before?.sha ?? null,
      asked_by: nameOf(events[0]?.actor),
      approved_by: asked ? approvers(events, asked.seq, seq) : [],
      ...shippedBy(facts),
      ...effort,
      at,
    },
  ]
}

/** What was asked, or waived, for the run that ended at `seq`. */
const askedFor = (events: readonly Event[], seq: number): Asked | undefined => {
  const before = events.filter((event) => event.seq < seq)
  const started = before.findLast((event) => event.type === 'tool_started')
  return before.findLast(
    (event): event is Asked =>
      (event.type === 'approval_requested' || event.type === 'approval_waived') &&
      event.data.args_hash === started?.data.args_hash,
  )
}

const approvers = (events: readonly Event[], asked: number, end: number): string[] => {
  const said = new Map<string, boolean>()
  for (const event of events) {
    if (event.seq > end || (event.type !== 'approval_given' && event.type !== 'approval_withdrawn')) continue
    if (event.data.to === asked) said.set(nameOf(event.actor), event.type === 'approval_given')
  }
  return [...said].filter(([, isYes]) => isYes).map(([name]) => name)
}

/** Going backward brings nothing: the commits that are told then are those that it takes away. */
const shippedBy = (facts: Asked['data'] | undefined): Pick<Deployment, 'first_commit_at' | 'commits'> => {
  if (!facts || (facts.direction !== 'forward' && facts.direction !== 'diverged')) return NOTHING
  const dates = facts.commits.map(({ date }) => Date.parse(date)).filter(Number.isFinite)
  const first = dates.length === 0 ? null : new Date(Math.min(...dates)).toISOString()
  return { first_commit_at: first, commits: facts.commits_total }
}

const NOTHING = { first_commit_at: null, commits: 0 }

const nameOf = (actor: Actor | undefined): string => {
  if (actor === undefined) return 'nobody'
  return actor.kind === 'person' || actor.kind === 'caller' ? actor.id : actor.kind
}
