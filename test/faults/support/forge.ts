import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { boundBy } from '../../../src/thread/binding.ts'
import type { Actor, Event, NewEvent, Proposal } from '../../../src/thread/event.ts'
import { rowOf } from '../../../src/thread/index-row.ts'
import type { Snapshot } from '../invariants.ts'

export const THREAD = '01890000-0000-7000-8000-000000000001'
export const DISPATCH = `${THREAD}-6`
const AT = '2026-11-23T08:00:00.000Z'
const EXPIRES = '2026-11-23T09:00:00.000Z'
const SHA = 'a'.repeat(40)
const RUN_URL = 'http://github.test/runs/7'

export const person = (id: string): Actor => ({ kind: 'person', id })
const code: Actor = { kind: 'code' }
const github: Actor = { kind: 'github' }
const model: Actor = { kind: 'model', model: 'm', prompt_hash: 'p', input_tokens: 1, output_tokens: 1, ms: 1 }

const facts = {
  repository: 'acme/shop',
  workflow: 'e2e.yml',
  ref: 'main',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: SHA,
  live: null,
  direction: 'first' as const,
  commits: [],
  commits_total: 0,
  compare_url: null,
  stage: null,
}
const bound = { ...facts, to: 3, intent: 'deploy_backend' as const, policy_version: 'p1', expires_at: EXPIRES }
const args_hash = createHash('sha256')
  .update(canonicalize(boundBy(bound)) ?? '')
  .digest('hex')
const proposal: Proposal = { ...bound, args_hash }
const report = { dispatch_id: DISPATCH, run_id: 7, attempt: 1, conclusion: null, html_url: RUN_URL }
const { service, environment, tag, sha } = facts
export const INPUTS = { dispatch_id: DISPATCH, service, environment, tag, sha }

/** A deployment as it should be: asked, shown, approved, sent once, followed to its end. */
const FACTS: NewEvent[] = [
  { type: 'thread_launched', data: { agent: 'deploy', title: 't', context: { mark: 'm1' } }, actor: person('dev') },
  { type: 'message', data: { message: 'deploy it' }, actor: person('dev') },
  { type: 'deploy_backend', data: { intent: 'deploy_backend', tag, environment }, actor: model },
  {
    type: 'approval_requested',
    data: { ...proposal, quorum: 1, approvers: ['lead', 'oncall'], self_approval: false },
    actor: code,
  },
  { type: 'approval_given', data: { to: 4, args_hash }, actor: person('lead') },
  { type: 'tool_started', data: { to: 3, dispatch_id: DISPATCH, args_hash }, actor: code },
  { type: 'dispatch_accepted', data: { dispatch_id: DISPATCH, run_id: 7, html_url: RUN_URL }, actor: github },
  { type: 'run_reported', data: { ...report, status: 'in_progress' }, actor: github },
  { type: 'run_reported', data: { ...report, status: 'completed', conclusion: 'success' }, actor: github },
  {
    type: 'deploy_backend_result',
    data: { status: 'success', service, environment, tag, sha, run_id: 7, html_url: RUN_URL, message: 'live' },
    actor: github,
  },
  { type: 'done_for_now', data: { intent: 'done_for_now', message: 'done' }, actor: model },
]

export const logOf = (facts: readonly NewEvent[] = FACTS): Event[] =>
  facts.map((fact, i) => ({ ...fact, thread_id: THREAD, seq: i + 1, at: AT }))

/** The log with the event at `seq` changed. */
export const changed = (seq: number, more: object, data: object = {}): Event[] =>
  logOf().map((event) =>
    event.seq === seq ? ({ ...event, ...more, data: { ...event.data, ...data } } as Event) : event,
  )

/** The log without the event at `seq`, or with another in its place. */
export const replaced = (seq: number, ...facts: NewEvent[]): Event[] => logOf(FACTS.toSpliced(seq - 1, 1, ...facts))

/** What a run that kept every promise leaves behind, but for what is `spoilt`. */
export const snapshot = (spoilt: Partial<Snapshot> & { log?: readonly Event[] } = {}): Snapshot => {
  const { log = logOf(), ...more } = spoilt
  const { due: _, ...row } = rowOf(logOf(), AT)
  return {
    logs: new Map([[THREAD, log]]),
    rows: new Map([[THREAD, { ...row, wake_at: null, owned: false }]]),
    deliveries: [{ source: 'github', id: 'd1:hash', thread_id: THREAD }],
    deployments: [{ thread_id: THREAD, seq: 10 }],
    posts: [{ dispatch_id: DISPATCH, inputs: INPUTS, accepted: true, at: Date.parse(AT) }],
    acknowledged: [
      { kind: 'launched', thread: THREAD, mark: 'm1' },
      { kind: 'approved', thread: THREAD, to: 4, by: 'lead' },
      { kind: 'delivered', thread: THREAD, source: 'github', id: 'd1' },
    ],
    now: AT,
    ...more,
  }
}
