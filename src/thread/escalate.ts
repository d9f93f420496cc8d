import type { EscalationReason, NewEvent } from './event.ts'
import { lastsTooLong } from './outage.ts'
import type { Limits, Rules } from './rules.ts'
import type { ThreadState } from './state.ts'
import { clean, firstLine } from './text.ts'

/** Takes a thread that keeps failing, or keeps going, to a person: by plain code, whatever the model would like. */
export const escalation = (state: ThreadState, { limits }: Rules): NewEvent[] => {
  const reason = reasonToStop(state, limits)
  if (reason === null) return []
  if (state.escalations >= limits.escalations) {
    const message = `a person was asked ${limits.escalations} times and it still does not work`
    return [{ type: 'thread_failed', data: { code: reason, message }, actor: { kind: 'code' } }]
  }
  return [{ type: 'escalated', data: { reason, question: question(reason, state, limits) }, actor: { kind: 'code' } }]
}

const LONGEST = 160

/** On one line, as whoever reads it answers in one. */
const lastError = ({ last_error }: ThreadState): string =>
  clean(firstLine(last_error.trim()).replace(/[.!]$/, ''), LONGEST)

/** The day's money for the model is spent: a person says whether this thread goes on. `why`: how much that was. */
export const outOfMoney = (why: string): NewEvent => {
  const question = `${why} Answer to let this thread go on all the same, or cancel.`
  return { type: 'escalated', data: { reason: 'spend_limit', question }, actor: { kind: 'code' } }
}

const reasonToStop = (state: ThreadState, limits: Limits): EscalationReason | null => {
  if (state.status === 'sleeping' && lastsTooLong(state, limits)) return 'outage'
  if (state.status !== 'running') return null
  if (state.errors_in_a_row >= limits.errors_in_a_row) return 'errors_in_a_row'
  // A release is bounded by its plan, and begins it anew only when a person says so; a gate is opened once.
  if (state.release || state.gate) return null
  if (state.pending?.do === 'prepare' && state.dispatches >= limits.dispatches) return 'dispatch_limit'
  if (state.pending === null && state.model_calls >= limits.model_calls) return 'model_call_limit'
  return null
}

const question = (reason: EscalationReason, state: ThreadState, limits: Limits): string => {
  switch (reason) {
    case 'errors_in_a_row':
      return `${limits.errors_in_a_row} errors in a row, the last of them: ${lastError(state)}. What should I do instead?`
    case 'outage': {
      const why = state.status === 'sleeping' ? `: ${state.reason}` : ''
      return `I have tried for more than ${limits.outage_seconds / 60} minutes and it still fails${why}. Answer to let me try again, or cancel.`
    }
    case 'model_call_limit':
      return `I have taken ${limits.model_calls} steps and am not done. Answer to let me go on, or cancel.`
    case 'spend_limit':
      return 'The model may cost no more today. Answer to let this thread go on all the same, or cancel.'
    case 'dispatch_limit':
      return `I have started ${limits.dispatches} deployments in this thread. Answer to let me go on, or cancel.`
  }
}
