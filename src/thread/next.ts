import { endOf } from './child.ts'
import { type Telling, tellings } from './contact/due.ts'
import { climbAt } from './contact/name.ts'
import type { Actor, ChildEnd, GateRequest, MergedPull, Parent, Proposal } from './event.ts'
import { closingOf, commentOf } from './gate/answer.ts'
import { newerOf } from './release/release.ts'
import type { Child, RunInFlight, ThreadState } from './state.ts'
import type { DelegateStep, ReadStep, WriteStep } from './step.ts'

/** One outward call that a thread wants, or that it rests until somebody or some time wakes it. */
export type Effect =
  | { do: 'fetch_facts' }
  // `over_limit`: a person lets it cost more than the day's money.
  | { do: 'ask_model'; seen: number; over_limit?: true }
  | { do: 'run_tool'; step: ReadStep; to: number }
  // `approved`: once more, before it starts.
  | { do: 'prepare'; step: WriteStep; to: number; approved: boolean }
  | { do: 'check_lane'; to: number; service: string; environment: string }
  // `comment`: what a gate is opened with.
  | { do: 'dispatch'; dispatch_id: string; started: number; proposal: Proposal; comment?: string }
  | { do: 'check_run'; dispatch_id: string; run_id: number | null; since: string; proposal: Proposal }
  | { do: 'cancel_run'; run_id: number; repository: string }
  | { do: 'close_gate'; request: GateRequest; comment: string; to: number }
  // All who are to hear something now, at once.
  | { do: 'contact_human'; tellings: Telling[] }
  | { do: 'launch_child'; step: DelegateStep; to: number; actor: Actor }
  | { do: 'stop_child'; child: Child; gently: boolean }
  | { do: 'tell_parent'; parent: Parent; end: ChildEnd; to: number }
  | { do: 'hand_on'; pulls: MergedPull[] }
  | { do: 'rest'; until: string | null }

const rest = (until: string | null = null): Effect => ({ do: 'rest', until })

/** What this thread wants from the world at this time, or until when it rests. */
export const next = (state: ThreadState, at: string = state.updated_at): Effect => {
  if (state.status === 'running') return nextOfRunning(state, at)
  if (state.status === 'cancelled') {
    const stopping = stop(state)
    if (stopping) return stopping
  }
  const { due, retry_at } = tellings(state, at)
  if (due.length > 0) return { do: 'contact_human', tellings: due }
  const effect = nextAtRest(state)
  return effect.do === 'rest' ? rest(earliest(effect.until, climbAt(state), retry_at)) : effect
}

const nextAtRest = (state: Exclude<ThreadState, { status: 'running' }>): Effect => {
  switch (state.status) {
    case 'awaiting_approval':
      return rest(state.request.expires_at)
    case 'awaiting_human':
    case 'awaiting_thread':
      return rest()
    case 'awaiting_run':
      return checkRun(state.run)
    case 'sleeping':
      return checkLane(state) ?? rest(state.until)
    case 'done':
    case 'failed':
    case 'cancelled':
      return tellParent(state) ?? handOn(state) ?? rest()
  }
}

const earliest = (...times: (string | null)[]): string | null =>
  times
    .filter((time) => time !== null)
    .sort()
    .at(0) ?? null

/** What a cancelled thread left behind is stopped before anybody hears of it. */
const stop = (state: Extract<ThreadState, { status: 'cancelled' }>): Effect | null => {
  if (state.run) return stopRun(state.run)
  if (state.child) return { do: 'stop_child', child: state.child, gently: false }
  return closeGate(state)
}

const tellParent = (state: ThreadState): Effect | null => {
  const end = endOf(state)
  if (!state.parent || !end || state.parent_told >= end.seq) return null
  const { seq: to, ...told } = end
  return { do: 'tell_parent', parent: state.parent, end: told, to }
}

const handOn = ({ release }: ThreadState): Effect | null => {
  const pulls = release && !release.handed_on ? newerOf(release) : []
  return pulls.length === 0 ? null : { do: 'hand_on', pulls }
}

const closeGate = (state: ThreadState): Effect | null => {
  const closing = closingOf(state)
  return closing && { do: 'close_gate', request: closing.gate.request, comment: closing.comment, to: closing.to }
}

const nextOfRunning = (state: Extract<ThreadState, { status: 'running' }>, at: string): Effect => {
  const { pending } = state
  // What people look at is put right before a model is asked, which may take long; never before what they have approved.
  const due = pending === null ? tellings(state, at).due : []
  if (due.length > 0) return { do: 'contact_human', tellings: due }
  // A release takes its steps where inputs are decided; one in the middle of nothing has nothing to ask a model.
  if (pending === null && state.release) return rest()
  if (pending === null && state.gate) return closeGate(state) ?? rest()
  if (pending === null && state.link) return rest()
  if (pending === null) return state.facts_stale ? { do: 'fetch_facts' } : askModel(state)
  switch (pending.do) {
    case 'read':
      return { do: 'run_tool', step: pending.step, to: pending.seq }
    case 'prepare':
      return { do: 'prepare', step: pending.step, to: pending.seq, approved: false }
    case 'recheck':
      return { do: 'prepare', step: pending.step, to: pending.proposal.to, approved: true }
    case 'dispatch': {
      const { dispatch_id, started, proposal } = pending.run
      const effect = { do: 'dispatch', dispatch_id, started, proposal } as const
      return proposal.gate ? { ...effect, comment: commentOf(state.id, pending.run) } : effect
    }
    case 'delegate':
      return { do: 'launch_child', step: pending.step, to: pending.seq, actor: askedBy(state) }
    case 'stop_child':
      return { do: 'stop_child', child: pending.child, gently: true }
  }
}

const askModel = ({ last_words: seen, over_limit }: ThreadState): Effect =>
  over_limit ? { do: 'ask_model', seen, over_limit } : { do: 'ask_model', seen }

/** A child is asked for by whoever asked its parent: where policy forbids self-approval, theirs does not count there either. */
const askedBy = ({ launched_by }: ThreadState): Actor =>
  launched_by.kind === 'person' ? { kind: 'person', id: launched_by.id, via: 'release' } : { kind: 'code' }

/** Whoever awaits a turn looks for themselves: nothing that wakes them may be lost for good. */
const checkLane = ({ turn, resume }: Extract<ThreadState, { status: 'sleeping' }>): Effect | null => {
  if (!turn || resume?.do !== 'recheck') return null
  return { do: 'check_lane', to: resume.proposal.to, service: turn.service, environment: turn.environment }
}

const checkRun = ({ dispatch_id, run_id, since, proposal }: RunInFlight): Effect => ({
  do: 'check_run',
  dispatch_id,
  run_id,
  since,
  proposal,
})

const stopRun = (run: RunInFlight): Effect =>
  run.run_id !== null && !run.cancel_requested
    ? { do: 'cancel_run', run_id: run.run_id, repository: run.proposal.repository }
    : checkRun(run)

const LOOK_FOR_RUN_MS = 5 * 60_000

/** Until when a run that GitHub has not shown yet is looked for, before a person is asked (a run may show minutes late). */
export const lookUntil = (since: string): string => new Date(Date.parse(since) + LOOK_FOR_RUN_MS).toISOString()

const LONGEST_PAUSE_MS = 60_000
// Looking at a lane costs a query, and no request to GitHub.
export const LANE_PAUSE_MS = 15_000

/** When to look again should nothing wake the thread: soon at first, then every minute (or as often as is said). */
export const lookAgainAt = (since: string, at: string, longest = LONGEST_PAUSE_MS): string => {
  const waited = Date.parse(at) - Date.parse(since)
  const pause = Math.min(longest, Math.max(2_000, waited / 4))
  return new Date(Date.parse(at) + pause).toISOString()
}
