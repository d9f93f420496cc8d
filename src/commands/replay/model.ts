import type { Model, ModelAnswer } from '../../agent/ports.ts'
import type { Event } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'
import { renderPrompt } from '../../thread/prompt.ts'
import { agreesWith, sameDecision } from '../../thread/replay/agree.ts'
import { callsIn, type Decision, type Label, type PastCall } from '../../thread/replay/calls.ts'

/** A call that was made again: what was decided then, what would be now, and whether that is what people wanted. */
export interface Replayed {
  thread_id: string
  seq: number
  at: string
  before: Decision
  after: Decision
  changed: boolean
  label: Label | null
  agreed: { before: boolean; after: boolean } | null
}

export interface Replay {
  calls: Replayed[]
  /** No answer came. */
  unanswered: number
  /** Calls beyond the limit. */
  left: number
  input_tokens: number
  output_tokens: number
  agreement: { of: number; before: number; after: number }
}

export interface ReplayOptions {
  model: Model
  policy: Policy
  limit: number
  concurrency: number
}

/** Makes the newest past calls again, on exactly what was there before each. Nothing is done with the answers. */
export const replayCalls = async (logs: readonly (readonly Event[])[], options: ReplayOptions): Promise<Replay> => {
  const all = logs.flatMap((events) => callsIn(events).map((past) => ({ past, events })))
  const waiting = all.slice(0, options.limit)
  const replay: Replay = { ...NOTHING, calls: [], left: all.length - waiting.length }
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { past, events } = next
      const answer = await options.model.next(renderPrompt(events.slice(0, past.seq - 1), options.policy))
      take(replay, past, answer)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  replay.calls.sort((a, b) => (a.at < b.at ? -1 : 1))
  return { ...replay, agreement: agreementIn(replay.calls) }
}

const NOTHING = { unanswered: 0, input_tokens: 0, output_tokens: 0, agreement: { of: 0, before: 0, after: 0 } }

const take = (replay: Replay, past: PastCall, answer: ModelAnswer): void => {
  replay.input_tokens += answer.call.input_tokens
  replay.output_tokens += answer.call.output_tokens
  // That a provider was busy says nothing of the prompt.
  if (!answer.ok && answer.retry_after_ms !== undefined) replay.unanswered += 1
  else replay.calls.push(compared(past, answer.ok ? { step: answer.step } : { code: answer.code }))
}

const compared = ({ thread_id, seq, at, decision: before, label }: PastCall, after: Decision): Replayed => ({
  thread_id,
  seq,
  at,
  before,
  after,
  changed: !sameDecision(before, after),
  label,
  agreed: label && { before: agreesWith(label, before, before), after: agreesWith(label, before, after) },
})

const agreementIn = (calls: readonly Replayed[]): Replay['agreement'] => {
  const labelled = calls.flatMap(({ agreed }) => agreed ?? [])
  return {
    of: labelled.length,
    before: labelled.filter(({ before }) => before).length,
    after: labelled.filter(({ after }) => after).length,
  }
}
