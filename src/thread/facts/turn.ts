import type { Address } from '../contact/address.ts'
import type { Opinion } from './call.ts'
import type { Json } from './json.ts'

export type EscalationReason = 'errors_in_a_row' | 'outage' | 'model_call_limit' | 'dispatch_limit' | 'spend_limit'
/** Where whoever asked hears of questions and of the end. */
export type ReplyTo = Address
/** The thread that launched this one, and its step that did. */
export interface Parent {
  thread_id: string
  seq: number
}

export interface ErrorData extends Opinion {
  code: string
  message: string
  to?: number
  nearest?: string[]
  retry_at?: string
  /** Of a run that failed: which job, in which step, and the last lines of its log. */
  job?: string
  step?: string
  log?: string
}

/** The course of a thread and of its conversation. */
export type TurnFact =
  | {
      type: 'thread_launched'
      data: { agent: string; title: string; context?: Json; reply_to?: ReplyTo; parent?: Parent }
    }
  | { type: 'message'; data: { message: string } }
  | { type: 'error'; data: ErrorData }
  | { type: 'slept'; data: { until: string } }
  | { type: 'human_response'; data: { to: number; response?: string; choice?: string; approved?: boolean } }
  | { type: 'escalated'; data: { reason: EscalationReason; question: string } }
  | { type: 'cancelled'; data: { reason: string } }
  // `prompt`: what the model of this copy is told beside the team's rules; not there: nothing.
  | { type: 'forked'; data: { from: string; at: number; prompt?: string } }
  | { type: 'thread_failed'; data: { code: string; message: string } }
