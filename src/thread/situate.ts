import type { Event, EventOf } from './event.ts'
import { afterApproval } from './situate-approval.ts'
import { afterFate, afterRunEvent } from './situate-run.ts'
import { afterStep, isStep, type StepEvent } from './situate-step.ts'
import { asking, doing, idle, sleeping, unknownType } from './situation.ts'
import type { Situation, ThreadState } from './state.ts'
import { runOf } from './state.ts'

/** What the thread does or waits for, once `event` has happened. */
export const situate = (state: ThreadState, event: Event): Situation =>
  isStep(event) ? afterStep(event) : afterFact(state, event as Exclude<Event, StepEvent>)

const afterFact = (state: ThreadState, event: Exclude<Event, StepEvent>): Situation => {
  switch (event.type) {
    case 'thread_launched':
    case 'human_contacted':
      return state
    case 'message':
      return afterWords(state)
    case 'human_response':
      return afterAnswer(state, event)
    case 'list_git_tags_result':
    case 'list_git_commits_result':
    case 'compare_commits_result':
    case 'check_deployment_status_result':
    case 'get_workflow_status_result':
      return state.status === 'running' && state.pending?.do === 'read' ? idle : state
    case 'deploy_backend_result':
    case 'deploy_frontend_result':
    case 'deploy_service_result':
    case 'rollback_result':
      return state.status === 'cancelled' ? { ...state, run: null } : idle
    case 'error':
      return afterError(state, event)
    case 'approval_requested':
    case 'approval_waived':
    case 'approval_given':
    case 'approval_denied':
    case 'approval_expired':
    case 'approval_superseded':
      return afterApproval(state, event)
    case 'tool_started':
    case 'dispatch_accepted':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
    case 'dispatch_unknown':
    case 'run_reported':
    case 'run_cancel_requested':
      return afterRunEvent(state, event)
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
      return { status: 'cancelled', reason: event.data.reason, seq: event.seq, run: runOf(state) }
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
  if (state.status === 'running') return state.pending?.do === 'dispatch' ? state : idle
  if (state.status === 'awaiting_human') return state.question.run ? state : idle
  if (state.status === 'done' || state.status === 'sleeping') return idle
  return state
}

const afterAnswer = (state: ThreadState, event: EventOf<'human_response'>): Situation => {
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
