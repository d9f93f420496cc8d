import type { Event, ModelCall } from '../event.ts'
import { mayPass } from '../outage.ts'
import { STEPS } from '../shapes/steps.ts'
import type { Intent, Step, WriteStep } from '../step.ts'

/** What a model call led to: a step, or why there was none. */
export type Decision = { step: Step } | { code: string }

/** What people made of a step that changes something. */
export type Label =
  | { people: 'approved'; by: string[] }
  | { people: 'rejected'; by: string; comment: string }
  | { people: 'edited'; by: string; into: WriteStep }

/** A model call of the past: how many events it was shown, what it decided, and what people said to that. */
export interface PastCall {
  thread_id: string
  /** The event that holds the decision; what stands before it was there when it was asked. */
  seq: number
  at: string
  call: ModelCall
  decision: Decision
  /** Null: people said nothing to it. */
  label: Label | null
}

/** Every call of a model in a thread, but for those that failed for a moment and were made again. */
export const callsIn = (events: readonly Event[]): PastCall[] =>
  events.flatMap((event) => {
    if (event.actor.kind !== 'model' || mayPass(event)) return []
    const { kind: _, ...call } = event.actor
    const { thread_id, seq, at } = event
    return [{ thread_id, seq, at, call, decision: decisionOf(event), label: labelOf(seq, events) }]
  })

const decisionOf = (event: Event): Decision =>
  event.type === 'error' ? { code: event.data.code } : { step: event.data as Step }

/** The question that the step at `seq` became, where it became one, and what ended it. */
const labelOf = (seq: number, events: readonly Event[]): Label | null => {
  // The first one: asked again because the world had changed, it is about the same step.
  const asked = events.filter((event) => event.type === 'approval_requested' && event.data.to === seq)
  const questions = asked.map((event) => event.seq)
  const answers = events.filter((event) => 'to' in event.data && questions.includes(Number(event.data.to)))
  for (const event of answers.toReversed()) {
    const by = nameOf(event)
    if (event.type === 'approval_denied') return { people: 'rejected', by, comment: event.data.comment }
    if (event.type === 'approval_superseded' && event.data.reason === 'edit') return editedInto(event, events)
  }
  const given = answers.filter((event) => event.type === 'approval_given').map(nameOf)
  const started = events.some((event) => event.type === 'tool_started' && event.data.to === seq)
  return given.length > 0 && started ? { people: 'approved', by: [...new Set(given)] } : null
}

const nameOf = ({ actor }: Event): string => ('id' in actor ? actor.id : actor.kind)

/** The edited step follows at once; of several edits the last is what was wanted. */
const editedInto = (event: Event, events: readonly Event[]): Label | null => {
  const next = events.find(({ seq }) => seq === event.seq + 1)
  if (!next || !isIntent(next.type)) return null
  const later = labelOf(next.seq, events)
  return later?.people === 'edited' ? later : { people: 'edited', by: nameOf(event), into: next.data as WriteStep }
}

const isIntent = (type: string): type is Intent => Object.hasOwn(STEPS, type)
