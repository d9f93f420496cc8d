import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import { expect } from 'vitest'
import { decide, place } from '../../src/thread/decide.ts'
import type { Actor, Event, Facts, MergedPull, ModelCall, NewEvent } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Input, Refused, RunSeen } from '../../src/thread/input.ts'
import type { Lane } from '../../src/thread/lane.ts'
import type { Policy } from '../../src/thread/policy.ts'
import { LIMITS, type Rules } from '../../src/thread/rules.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import type { Step } from '../../src/thread/step.ts'
import { after } from '../../src/thread/time.ts'

export const THREAD = '01890a5d-ac96-774b-bcce-b302099a8057'
export const START = '2026-11-23T08:00:00.000Z'

export const policy: Policy = {
  version: 'policy-1',
  repository: 'acme/shop',
  services: {
    backend: { workflow: 'deploy-backend.yml', ref: 'main' },
    frontend: { workflow: 'deploy-frontend.yml', ref: 'main' },
    search: { workflow: 'deploy-search.yml', ref: 'main' },
  },
  environments: {
    staging: { approvals: 0, approvers: [], self_approval: true, after: null, expires_after_seconds: 600 },
    production: {
      approvals: 1,
      approvers: ['lead', 'oncall', 'local'],
      self_approval: true,
      after: 'staging',
      expires_after_seconds: 3600,
    },
    vault: {
      approvals: 2,
      approvers: ['lead', 'oncall', 'ceo'],
      self_approval: false,
      after: null,
      expires_after_seconds: 600,
    },
  },
  people: { lead: { github: 'Shop-Lead' }, oncall: {}, local: {}, ceo: {}, dev: {} },
  release: {
    branch: 'main',
    services: ['backend', 'frontend'],
    tests: { workflow: 'e2e.yml', ref: 'main' },
    steps: [
      { do: 'deploy', environment: 'staging' },
      { do: 'test', environment: 'staging' },
      { do: 'agent', environment: 'production' },
      { do: 'test', environment: 'production' },
    ],
    on_failure: 'rollback',
  },
  schedules: { stale_commits: null },
}

export const rules: Rules = {
  policy,
  limits: LIMITS,
  ways: [],
  hash: (value) =>
    createHash('sha256')
      .update(canonicalize(value) ?? '')
      .digest('hex'),
}

export const person = (id: string): Actor => ({ kind: 'person', id })
export const call: ModelCall = { model: 'test', prompt_hash: 'p', input_tokens: 1, output_tokens: 1, ms: 1 }

export const facts = (more: Partial<Facts> = {}): Facts => ({
  repository: 'acme/shop',
  workflow: 'deploy-backend.yml',
  ref: 'main',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: 'a'.repeat(40),
  live: { tag: 'v1.2.2', sha: 'b'.repeat(40), since: START, url: null },
  direction: 'forward',
  commits: [{ sha: 'a'.repeat(40), message: 'Add cart', author: 'ann', date: START }],
  commits_total: 1,
  compare_url: null,
  stage: { environment: 'staging', succeeded: true },
  ...more,
})

export const mergedPull = (number: number, more: Partial<MergedPull> = {}): MergedPull => ({
  number,
  title: `Change ${number}`,
  author: 'ann',
  url: `http://github.test/pull/${number}`,
  sha: `${number}`.padStart(40, 'd'),
  branch: 'main',
  merged_by: null,
  merged_at: START,
  ...more,
})

// Inputs, as sentences.
export const asked = (
  message = 'deploy backend v1.2.3 to production',
  by = 'dev',
): Extract<Input, { type: 'launch' }> => ({
  type: 'launch',
  agent: 'deploy',
  message,
  actor: person(by),
})
export const looked: Input = {
  type: 'facts_fetched',
  results: [
    { intent: 'list_git_tags', data: { tags: [{ name: 'v1.2.3', commit: 'a'.repeat(40), date: null }], more: false } },
    { intent: 'check_deployment_status', data: { live: [] } },
  ],
}
export const selected = (step: Step, seen = Number.MAX_SAFE_INTEGER): Input => ({
  type: 'step_selected',
  step,
  seen,
  call,
})
export const proposed = selected({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' })
export const toStaging = selected({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' })
export const toVault = selected({ intent: 'deploy_backend', tag: 'v1.2.3', environment: 'vault' })
export const said = (message: string, by = 'dev'): Extract<Input, { type: 'message' }> => ({
  type: 'message',
  message,
  actor: person(by),
})
export const timer: Input = { type: 'timer' }

/** Inputs that answer what the thread waits for take `to` from the state that they meet. */
type Step_ = Input | ((state: ThreadState) => Input)

const pendingSeq = (state: ThreadState): number => {
  if (state.status !== 'running' || !state.pending) return -1
  if (state.pending.do === 'read' || state.pending.do === 'prepare') return state.pending.seq
  return state.pending.do === 'recheck' ? state.pending.proposal.to : -1
}
export type State = ThreadState
/** The step that an approved, perhaps waiting, thread is about. */
export const toOf = (state: ThreadState): number => {
  const resumed = state.status === 'sleeping' ? state.resume : state.status === 'running' ? state.pending : null
  return resumed?.do === 'recheck' ? resumed.proposal.to : -1
}
const openSeq = (state: ThreadState): number => {
  if (state.status === 'awaiting_approval') return state.request.seq
  return state.status === 'awaiting_human' ? state.question.seq : -1
}
export const dispatchId = (state: ThreadState): string => {
  if (state.status === 'running' && state.pending?.do === 'dispatch') return state.pending.run.dispatch_id
  if (state.status === 'awaiting_run') return state.run.dispatch_id
  return state.status === 'cancelled' && state.run ? state.run.dispatch_id : 'none'
}

type Respond = Extract<Input, { type: 'respond' }>
/** Nobody else is there, and nothing is locked. */
export const free: Lane = { holder: null, locks: [] }

export const prepared =
  (more: Partial<Facts> = {}) =>
  (state: ThreadState): Input => ({
    type: 'prepared',
    to: pendingSeq(state),
    facts: facts(more),
    lane: free,
  })
export const toolFails =
  (code: string, retry_after_ms?: number) =>
  (state: ThreadState): Input => ({
    type: 'tool_failed',
    to: pendingSeq(state),
    code,
    message: code,
    ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  })
export const responds =
  (by: string, answer: Partial<Omit<Respond, 'type' | 'actor'>>) =>
  (state: ThreadState): Input => ({
    type: 'respond',
    to: openSeq(state),
    actor: person(by),
    ...answer,
  })
export const approves = (by = 'lead') => responds(by, { approved: true })
export const rejects = (comment: string, by = 'lead') => responds(by, { approved: false, comment })
export const cancels = (by = 'dev'): Input => ({ type: 'cancel', reason: 'changed my mind', actor: person(by) })
export const accepted =
  (run_id: number | null = 7) =>
  (state: ThreadState): Input => ({
    type: 'dispatch_accepted',
    dispatch_id: dispatchId(state),
    run_id,
    html_url: run_id === null ? null : `http://github.test/runs/${run_id}`,
  })
export const refusedByGitHub = (state: ThreadState): Input => ({
  type: 'dispatch_refused',
  dispatch_id: dispatchId(state),
  code: 'github_422',
  message: 'No ref found',
})
export const toldLater = (state: ThreadState): Input => ({
  type: 'dispatch_deferred',
  dispatch_id: dispatchId(state),
  retry_after_ms: 30_000,
  reason: 'rate limit',
})
export const unclear = (state: ThreadState): Input => ({
  type: 'dispatch_unclear',
  dispatch_id: dispatchId(state),
  reason: 'reset',
})
export const runIs =
  (
    status: 'queued' | 'in_progress' | 'completed',
    conclusion: string | null = null,
    attempt = 1,
    more: Pick<RunSeen, 'jobs' | 'failure'> = {},
  ) =>
  (state: ThreadState): Input => ({
    type: 'run_seen',
    dispatch_id: dispatchId(state),
    run: {
      dispatch_id: dispatchId(state),
      run_id: 7,
      attempt,
      status,
      conclusion,
      html_url: 'http://github.test/runs/7',
      ...more,
    },
  })
export const noRunSeen = (state: ThreadState): Input => ({
  type: 'run_seen',
  dispatch_id: dispatchId(state),
  run: null,
})

export const running = [asked(), looked, proposed, prepared(), approves(), prepared(), accepted(7)]

/** A step that comes so many seconds after the start. */
interface Timed {
  seconds: number
  step: Step_
}
export const later = (seconds: number, step: Step_): Timed => ({ seconds, step })

/** A log made by deciding each input in turn, one second apart. */
export const story = (steps: (Step_ | Timed)[], by: Rules = rules) => {
  let events: Event[] = []
  let state: ThreadState | null = null
  for (const [i, one] of steps.entries()) {
    const { seconds, step } = 'seconds' in one ? one : { seconds: i, step: one }
    const at = after(START, seconds)
    const input = typeof step === 'function' ? step(state as unknown as ThreadState) : step
    const more = place(decide({ ...input, at }, state, by), THREAD, events.length, at)
    events = [...events, ...more]
    state = fold(more, state)
  }
  return { events, state: state as unknown as ThreadState, now: after(START, steps.length) }
}

interface Options {
  later?: number
  rules?: Rules
}

/** given(what came before).when(an input).yields(events) */
export const given = (...steps: Step_[]) => ({
  when: (step: Step_, options: Options = {}) => {
    const { state, now } = story(steps)
    return judged(state ?? null, now, step, options)
  },
})

/** The same from a state that other rules led to: `later` seconds after it came about. */
export const from = (state: ThreadState, by: Rules, later = 1) => ({
  when: (step: Step_) => judged(state, state.updated_at, step, { later, rules: by }),
})

const judged = (before: ThreadState | null, now: string, step: Step_, { later = 0, rules: by = rules }: Options) => {
  const at = after(now, later)
  const run = (): NewEvent[] => {
    const input = typeof step === 'function' ? step(before as ThreadState) : step
    return decide({ ...input, at }, before, by)
  }
  const end = (): ThreadState => {
    const state = fold(place(run(), THREAD, before?.version ?? 0, at), before)
    if (!state) throw new Error('no thread')
    return state
  }
  return {
    yields: (...expected: object[]) => expect(run()).toMatchObject(expected),
    yieldsNothing: () => expect(run()).toEqual([]),
    isRefused: (code: Refused['code']) => expect(run).toThrow(expect.objectContaining({ code })),
    leadsTo: (status: ThreadState['status']) => expect(end().status).toBe(status),
    state: end,
  }
}
