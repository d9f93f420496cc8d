import type { ApprovalFact } from './facts/approval.ts'
import type { ClaimFact } from './facts/claim.ts'
import type { ContactFact } from './facts/contact.ts'
import type { GateFact } from './facts/gate.ts'
import type { ReadFact } from './facts/github.ts'
import type { GuardFact } from './facts/guard.ts'
import type { LinkFact } from './facts/link.ts'
import type { ChildFact, ReleaseFact } from './facts/release.ts'
import type { RunFact } from './facts/run.ts'
import type { TurnFact } from './facts/turn.ts'
import { READS } from './shapes/github.ts'
import { RESULTS } from './shapes/run.ts'
import type { CodeStep, Step, WriteIntent } from './step.ts'

export type * from './facts/approval.ts'
export type * from './facts/claim.ts'
export type * from './facts/contact.ts'
export type * from './facts/gate.ts'
export type * from './facts/github.ts'
export type * from './facts/guard.ts'
export type * from './facts/json.ts'
export type * from './facts/link.ts'
export type * from './facts/release.ts'
export type * from './facts/run.ts'
export type * from './facts/turn.ts'
export type { QuestionOptions } from './step.ts'

/** Who did it. Only a `person` (a key of `people` in deploybot.yaml) can approve; a `caller` is a token bound to nobody. */
export type Actor =
  | { kind: 'person'; id: string; via?: string }
  | { kind: 'caller'; id: string; via?: string }
  | ({ kind: 'model' } & ModelCall)
  | { kind: 'code' }
  | { kind: 'github' }

/** What one model call cost and which prompt it was. */
export interface ModelCall {
  model: string
  prompt_hash: string
  input_tokens: number
  output_tokens: number
  ms: number
  /** Of the input's tokens, those that the provider had from before; not there where it does not say. */
  cached_tokens?: number
  /** By the prices in deploybot.yaml, in their currency; null: no price is known. Here and below: not in logs from before. */
  cost?: number | null
  /** How the provider says that writing ended; null: there was no answer. */
  finish?: string | null
}

/** A selected step is a fact whose type is its intent; its outcome is `<intent>_result`. */
type AnyStep = Step | CodeStep
type StepFact = { [S in AnyStep as S['intent']]: { type: S['intent']; data: S } }[AnyStep['intent']]

/** Every fact a thread can hold: type → data, by the room that it belongs to. */
export type Fact =
  | StepFact
  | ReadFact
  | ApprovalFact
  | RunFact
  | ClaimFact
  | GuardFact
  | ReleaseFact
  | ChildFact
  | GateFact
  | ContactFact
  | LinkFact
  | TurnFact

/** A fact before it has a place in a log. */
export type NewEvent = Fact & { actor: Actor }
/** A fact in its place: never changed, never removed. */
export type Event = NewEvent & { thread_id: string; seq: number; at: string }
export type EventType = Event['type']
export type EventOf<T extends EventType> = Extract<Event, { type: T }>

/** What a read tool found. */
export const isFound = (event: Event): event is EventOf<ReadFact['type']> => Object.hasOwn(READS, event.type)

/** How the run of a write step ended. */
export const isResult = (event: Event): event is EventOf<`${WriteIntent}_result`> => Object.hasOwn(RESULTS, event.type)
