import type {
  Actor,
  Approvers,
  EscalationReason,
  EventOf,
  Json,
  LiveDeployment,
  Proposal,
  QuestionOptions,
  ReplyTo,
  RunReport,
} from './event.ts'
import type { ReadStep, WriteStep } from './step.ts'

/** Everything that can be known of a thread; folded from its events and nothing else. */
export type ThreadState = Known & Situation

/** How an open question ended: told apart to people and to the model alike. */
export type Closed = 'answered' | 'denied' | 'expired' | 'superseded'

export interface Known {
  id: string
  agent: string
  title: string
  version: number
  launched_by: Actor
  context: Json
  reply_to: ReplyTo | null
  forked_from: string | null
  created_at: string
  updated_at: string
  /** People who asked for what is being done now: where policy forbids self-approval they do not count. */
  requesters: string[]
  /** Seq of the newest human words: a step selected without having seen them is dropped. */
  last_words: number
  /** Whether what code knows of GitHub (tags, what is live) must be read again before the model is asked. */
  facts_stale: boolean
  tags: string[]
  live: LiveDeployment[]
  /** Since a person last granted more. */
  model_calls: number
  dispatches: number
  errors_in_a_row: number
  closed: Record<number, Closed>
  /** Whether whoever is at `reply_to` has been told of the present question or end. */
  told: number
}

export type Situation =
  | { status: 'running'; pending: Pending | null }
  | { status: 'awaiting_approval'; request: ApprovalRequest; approvals: Approval[] }
  | { status: 'awaiting_human'; question: Question }
  | { status: 'awaiting_run'; run: RunInFlight }
  | { status: 'sleeping'; until: string; reason: string; then: Pending | null }
  | { status: 'done'; message: string; seq: number }
  | { status: 'failed'; code: string; message: string; seq: number }
  | { status: 'cancelled'; reason: string; seq: number; run: RunInFlight | null }

export type Status = Situation['status']

/** What a running thread is in the middle of; null: nothing, so the model is asked. */
export type Pending =
  | { do: 'read'; step: ReadStep; seq: number }
  | { do: 'prepare'; step: WriteStep; seq: number }
  | { do: 'recheck'; step: WriteStep; proposal: Proposal; approvals: Approval[] }
  | { do: 'dispatch'; step: WriteStep; proposal: Proposal; dispatch_id: string; started: number }

export type ApprovalRequest = EventOf<'approval_requested'>['data'] & { seq: number; step: WriteStep }
export interface Approval {
  by: string
  at: string
}

export interface Question {
  seq: number
  question: string
  context: string
  options: QuestionOptions
  /** Why code asks, where it is not the model that asks. */
  reason: 'model' | EscalationReason | 'dispatch_unknown' | 'forked'
  /** The dispatch whose fate is unknown, so that an answer can settle it. */
  run: RunInFlight | null
}

export interface RunInFlight {
  step: WriteStep
  proposal: Proposal
  dispatch_id: string
  /** Null until the run was found. */
  run_id: number | null
  report: RunReport | null
  html_url: string | null
  since: string
  /** Set where GitHub's answer was unclear: until when to look before a person is asked. */
  look_until: string | null
  /** A cancelled thread asks GitHub once. */
  cancel_requested: boolean
}

export type { Approvers }
