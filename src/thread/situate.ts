import { type Event, type EventOf, isFound, isResult, type ReadFact } from './event.ts'
import { afterApproval } from './situate-approval.ts'
import { afterChildEvent, afterOffer } from './situate-child.ts'
import { afterGuard } from './situate-guard.ts'
import { afterFate, afterRunEvent } from './situate-run.ts'
import { afterStep, isStep, type StepEvent } from './situate-step.ts'
import { asking, doing, idle, sleeping, unknownType } from './situation.ts'
import type { Pending, Situation, ThreadState } from './state.ts'
import { childOf, runOf } from './state.ts'
import type { WriteIntent } from './step.ts'

/** What the thread does or waits for, once `event` has happened. */
export const situate = (state: ThreadState, event: Event): Situation => {
  if (isStep(event)) return afterStep(event)
  if (isFound(event)) return state.status === 'running' && state.pending?.do === 'read' ? idle : state
  if (isResult(event)) return state.status === 'cancelled' ? { ...state, run: null } : idle
  return afterFact(state, event as Other)
}

/** What is only to be known: it changes nothing of what the thread does. */
const BESIDE = [
  'thread_launched',
  'human_contacted',
  'contacts_named',
  'identity_claimed',
  'identity_linked',
  'run_restarted',
  'parent_told',
  'merges_handed_on',
  'pull_request_merged',
  'release_planned',
  'restart_offered',
  'gate_requested',
] as const
type Beside = EventOf<(typeof BESIDE)[number]>
const NAMES: ReadonlySet<string> = new Set(BESIDE)
const isBeside = (event: Event): event is Beside => NAMES.has(event.type)

type Other = Exclude<Event, StepEvent | EventOf<ReadFact['type'] | `${WriteIntent}_result`>>

const afterFact = (state: ThreadState, event: Other): Situation => {
  if (isBeside(event)) return state
  switch (event.type) {
    case 'message':
      return afterWords(state)
    case 'human_response':
      return afterAnswer(state, event)
    case 'error':
      return afterError(state, event)
    case 'approval_requested':
    case 'approval_waived':
    case 'approval_given':
    case 'approval_withdrawn':
    case 'approval_denied':
    case 'approval_expired':
    case 'approval_superseded':
      return afterApproval(state, event)
    case 'tool_started':
    case 'dispatch_claimed':
    case 'dispatch_accepted':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
    case 'dispatch_unknown':
    case 'run_reported':
    case 'run_cancel_requested':
      return afterRunEvent(state, event)
    case 'close_gate_result':
      return state.status === 'cancelled' ? state : idle
    case 'release_finished':
      return { status: 'done', message: event.data.message, seq: event.seq }
    case 'child_launched':
    case 'child_ended':
    case 'child_stopped':
      return afterChildEvent(state, event)
    case 'turn_awaited':
    case 'glass_broken':
    case 'environment_locked':
    case 'environment_unlocked':
      return afterGuard(state, event)
    default:
      return afterTurn(state, event)
  }
}

type Turn = EventOf<'slept' | 'escalated' | 'cancelled' | 'forked' | 'thread_failed'>

const afterTurn = (state: ThreadState, event: Turn): Situation => {
  switch (event.type) {
    case 'slept':
      return state.status === 'sleeping' && state.resume ? doing(state.resume) : idle
    case 'escalated':
      return asking({ seq: event.seq, question: event.data.question, reason: event.data.reason })
    case 'cancelled':
      return {
        status: 'cancelled',
        reason: event.data.reason,
        seq: event.seq,
        run: runOf(state),
        child: childOf(state),
      }
    case 'forked':
      return asking({ seq: event.seq, question: 'This is a copy. What should happen from here?', reason: 'forked' })
    case 'thread_failed':
      return { status: 'failed', code: event.data.code, message: event.data.message, seq: event.seq }
    default:
      return unknownType(event)
  }
}

/** New words: what was not yet begun is dropped, what runs goes on. */
const afterWords = (state: ThreadState): Situation => {
  if (state.status === 'running') return begun(state.pending) ? state : idle
  if (state.status === 'awaiting_human') return state.question.run ? state : idle
  // What plain code worked on stays over once it is: there is nobody in it to hear.
  if ((state.release || state.gate) && state.status === 'done') return state
  if (state.status === 'done' || state.status === 'sleeping') return idle
  return state
}

const begun = (pending: Pending | null): boolean =>
  pending !== null && ['dispatch', 'delegate', 'stop_child'].includes(pending.do)

const afterAnswer = (state: ThreadState, event: EventOf<'human_response'>): Situation => {
  if (state.release?.offer?.seq === event.data.to) return afterOffer(state, event)
  const run = runOf(state)
  return run ? afterFate(state, run, event) : idle
}

/** A failure that may pass is tried again by code; anything else goes to the model. */
const afterError = (state: ThreadState, event: EventOf<'error'>): Situation => {
  if (state.status === 'cancelled') return { ...state, run: null }
  if (state.status !== 'running') return state
  const { retry_at, message } = event.data
  return retry_at === undefined ? idle : sleeping(event, retry_at, message, state.pending)
}
