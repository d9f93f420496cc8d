import type { EscalationReason, EventOf, Holder, Proposal, QuestionOptions, RunReport } from './event.ts'
import type { Known } from './known.ts'
import type { DelegateStep, ReadStep, WriteStep } from './step.ts'

/** Everything that can be known of a thread; folded from its events and nothing else. */
export type ThreadState = Known & Situation

export type Situation =
  | { status: 'running'; pending: Pending | null }
  | { status: 'awaiting_approval'; request: ApprovalRequest; approvals: Approval[] }
  | { status: 'awaiting_human'; question: Question }
  | { status: 'awaiting_run'; run: RunInFlight }
  | { status: 'awaiting_thread'; child: Child }
  | { status: 'sleeping'; until: string; reason: string; resume: Pending | null; seq: number; turn?: Turn }
  | { status: 'done'; message: string; seq: number }
  | { status: 'failed'; code: string; message: string; seq: number }
  | { status: 'cancelled'; reason: string; seq: number; run: RunInFlight | null; child: Child | null }

export type Status = Situation['status']
export const STATUSES = [
  'running',
  'awaiting_approval',
  'awaiting_human',
  'awaiting_run',
  'awaiting_thread',
  'sleeping',
  'done',
  'failed',
  'cancelled',
] as const satisfies Status[]
/** A thread that is over, unless words wake one that is done. */
export const ENDED: readonly Status[] = ['done', 'failed', 'cancelled']
export type In<S extends Status> = Extract<ThreadState, { status: S }>

/** What a running thread is in the middle of; null: nothing, so the model is asked. */
export type Pending =
  | { do: 'read'; step: ReadStep; seq: number }
  // `edited`: a person changed its arguments, so that people are asked about it in any case.
  | { do: 'prepare'; step: WriteStep; seq: number; edited?: true }
  | ({ do: 'recheck' } & Approved)
  | { do: 'dispatch'; run: RunInFlight }
  | { do: 'delegate'; step: DelegateStep; seq: number }
  | { do: 'stop_child'; child: Child }

/** Another thread that this one launched and waits for. No id: it is about to be launched, by the step at `seq`. */
export interface Child {
  id: string | null
  agent: string
  seq: number
}

/** A step that has all its approvals. `asked` is the seq of the request (or of the waiver) that they answered. */
export interface Approved {
  step: WriteStep
  proposal: Proposal
  approvals: Approval[]
  asked: number
}

export type ApprovalRequest = EventOf<'approval_requested'>['data'] & { seq: number; step: WriteStep }
export interface Approval {
  by: string
  at: string
}

/** Somebody else deploys there: an approved step waits for its turn. */
export interface Turn {
  service: string
  environment: string
  held_by: Holder
  since: string
}

export interface Question {
  seq: number
  question: string
  context: string
  options: QuestionOptions
  /** Why code asks, where it is not the model that asks. */
  reason: 'model' | EscalationReason | 'dispatch_unknown' | 'forked'
  /** The dispatch whose fate is unknown: the answer settles it. */
  run: RunInFlight | null
}

export interface RunInFlight extends Approved {
  dispatch_id: string
  /** Seq of `tool_started`. */
  started: number
  since: string
  /** Null until GitHub named the run or it was found. */
  run_id: number | null
  html_url: string | null
  report: RunReport | null
  /** The run itself said so: what GitHub says of others no longer counts. */
  claimed: boolean
  /** A cancelled thread asks GitHub once. */
  cancel_requested: boolean
}

/** The run that a thread follows, whatever its status. */
export const runOf = (state: ThreadState): RunInFlight | null => {
  if (state.status === 'awaiting_run' || state.status === 'cancelled') return state.run
  if (state.status === 'awaiting_human') return state.question.run
  if (state.status === 'running' && state.pending?.do === 'dispatch') return state.pending.run
  return null
}

/** The thread that this one waits for, or asks to stop. */
export const childOf = (state: ThreadState): Child | null => {
  if (state.status === 'awaiting_thread' || state.status === 'cancelled') return state.child
  if (state.status !== 'running') return null
  if (state.pending?.do === 'stop_child') return state.pending.child
  if (state.pending?.do !== 'delegate') return null
  return { id: null, agent: state.pending.step.agent, seq: state.pending.seq }
}

/** Seq of the question that is open to people now; null: none. */
export const openQuestion = (state: ThreadState): number | null => {
  if (state.status === 'awaiting_approval') return state.request.seq
  if (state.status === 'awaiting_human') return state.question.seq
  return null
}

/** Seq of the approval that a person's new words make void: asked, or given and not yet dispatched. */
export const voidableApproval = (state: ThreadState): number | null => {
  if (state.status === 'awaiting_approval') return state.request.seq
  if (state.status === 'running' && state.pending?.do === 'recheck') return state.pending.asked
  if (state.status === 'sleeping' && state.resume?.do === 'recheck') return state.resume.asked
  return null
}
