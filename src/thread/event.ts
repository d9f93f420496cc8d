import type { ApprovalFact } from './facts/approval.ts'
import type { ModelCall } from './facts/call.ts'
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
export type * from './facts/call.ts'
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

/** The model call that an event tells of: for the step that it is, or for an opinion about one. */
export const callIn = ({ actor, data }: Event): ModelCall | null => {
  if (actor.kind === 'model') return actor
  return ('judged' in data && data.judged) || null
}

/** What a read tool found. */
export const isFound = (event: Event): event is EventOf<ReadFact['type']> => Object.hasOwn(READS, event.type)

/** How the run of a write step ended. */
export const isResult = (event: Event): event is EventOf<`${WriteIntent}_result`> => Object.hasOwn(RESULTS, event.type)
