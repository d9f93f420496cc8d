import type { Address } from './contact/address.ts'
import type {
  Actor,
  ChildEnd,
  Facts,
  GateRequest,
  Holder,
  Json,
  LinkedIdentity,
  MergedPull,
  ModelCall,
  Opinion,
  Parent,
  ReadResult,
  ReplyTo,
  RunFailure,
  RunReport,
} from './event.ts'
import type { Lane } from './lane.ts'
import type { Step } from './step.ts'

/** What people and programs ask for from outside. */
export type Request =
  | Launch
  | { type: 'message'; message: string; actor: Actor }
  | ({ type: 'respond'; actor: Actor } & Response)
  // `gently`: not where a run of it is under way.
  | { type: 'cancel'; reason?: string; gently?: boolean; actor: Actor }
  | { type: 'merged'; pulls: MergedPull[]; actor: Actor }
  /** GitHub told that a run was started again. A hint: it becomes a fact only where that run had ended for us. */
  | { type: 'rerun'; run_id: number; attempt: number }
  // The run does not wait at this gate any more, as GitHub says.
  | { type: 'gate_gone'; actor: Actor }
  | { type: 'child_ended'; to: number; end: ChildEnd; actor: Actor }
  // A run asks to be the one for its dispatch. All of it is what GitHub signed; `sha` is where the workflow file is from.
  | {
      type: 'claim'
      dispatch_id: string
      run_id: number
      attempt: number
      sha: string
      workflow_ref: string
      actor: Actor
    }
  | {
      type: 'lock'
      service: string | null
      environment: string
      reason: string
      expires_in_seconds: number
      actor: Actor
    }
  | { type: 'unlock'; reason: string; actor: Actor }
  // Somebody says that they are that person.
  | { type: 'link'; identity: LinkedIdentity; person: string; actor: Actor }

/** `merged`: what a release begins with; it is launched by nothing else. `gate`: the run that waits, likewise. `parent`: the thread that launches this one. */
export interface Launch {
  type: 'launch'
  agent: string
  message: string
  context?: Json
  reply_to?: ReplyTo
  parent?: Parent
  merged?: MergedPull[]
  gate?: GateRequest
  actor: Actor
}

/** An answer to what the thread asked at `to`. `args` edits the proposed step; `choice` is one of the offered ones. */
export interface Response {
  to: number
  approved?: boolean
  /** Takes back an approval of theirs, as long as others are still asked. */
  withdrawn?: true
  response?: string
  choice?: string
  comment?: string
  args?: Record<string, Json>
  /** When whoever says yes on a page signed in; no other way of answering knows that. */
  signed_in_at?: string
}

/** A run as GitHub shows it and, where it failed, why. */
export type RunSeen = RunReport & { failure?: RunFailure }

/** What comes back from an effect. `to` is the seq of the step, question or start that it belongs to. */
export type Outcome =
  | { type: 'facts_fetched'; results: ReadResult[] }
  | { type: 'facts_failed'; code: string; message: string; retry_after_ms?: number }
  // `seen`: the newest human words that it was selected with. Places of events that are not yet committed may still change.
  | { type: 'step_selected'; step: Step; seen: number; call: ModelCall }
  | { type: 'model_failed'; code: string; message: string; retry_after_ms?: number; call: ModelCall }
  | { type: 'tool_returned'; to: number; result: ReadResult }
  | ({
      type: 'tool_failed'
      to: number
      code: string
      message: string
      nearest?: string[]
      retry_after_ms?: number
    } & Opinion)
  | ({ type: 'prepared'; to: number; facts: Facts; lane: Lane } & Opinion)
  // Who deploys where the approved step at `to` wants to; null: nobody (any more).
  | { type: 'lane_seen'; to: number; holder: Holder | null }
  | { type: 'dispatch_accepted'; dispatch_id: string; run_id: number | null; html_url: string | null }
  | { type: 'dispatch_refused'; dispatch_id: string; code: string; message: string }
  | { type: 'dispatch_deferred'; dispatch_id: string; retry_after_ms: number; reason: string }
  | { type: 'dispatch_unclear'; dispatch_id: string; reason: string }
  | { type: 'run_seen'; dispatch_id: string; run: RunSeen | null }
  | { type: 'run_unreadable'; dispatch_id: string; code: string; message: string }
  | { type: 'run_cancel_requested'; run_id: number; accepted: boolean; message: string; retry_after_ms?: number }
  | { type: 'contacted'; told: Contacted[] }
  | { type: 'child_launched'; to: number; child_id: string; agent: string }
  | { type: 'child_stopped'; to: number; accepted: boolean; message: string }
  | { type: 'parent_told'; to: number }
  // A run was turned away. `retry_after_ms`: GitHub did not hear.
  | { type: 'gate_closed'; to: number; accepted: boolean; message: string; code?: string; retry_after_ms?: number }
  | { type: 'merges_handed_on'; thread_id: string; pull_requests: number[] }
  | { type: 'timer' }

/** What came of telling somebody. `about`: as in `human_contacted`. */
export interface Contacted {
  to: number
  address: Address
  about: number
  person: string | null
  channel: string
  ok: boolean
  message?: string
  ref?: Json
  replies_at?: string
  retry_after_ms?: number
}

export type Input = Request | Outcome

/** Refused by the core, by a stable code; nothing was written. Only `http/errors.ts` knows what status that is. */
export class Refused extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.code = code
  }
}

export type RefusalCode =
  | 'unknown_thread'
  | 'unknown_agent'
  | 'already_launched'
  | 'thread_ended'
  | 'nothing_asked'
  | 'already_answered'
  | 'expired'
  | 'superseded'
  | 'not_yours_to_answer'
  | 'self_approval'
  | 'already_approved_by_you'
  | 'not_approved_by_you'
  | 'author_approval'
  | 'fresh_sign_in_needed'
  | 'answer_mismatch'
  | 'unknown_choice'
  | 'bad_edit'
  | 'bad_fork'
  | 'not_restartable'
  | 'run_in_flight'
  | 'not_in_flight'
  | 'not_the_approved_workflow'
  | 'claimed_by_another_run'
  | 'new_approval_needed'
  | 'unknown_place'
  | 'bad_expiry'
  | 'not_locked'
  | 'is_a_lock'
  | 'reason_needed'
  | 'break_glass_needed'
  | 'stale'
  | 'unknown_person'
  | 'nobody_to_confirm'
  | 'is_a_link'
