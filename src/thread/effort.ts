import { callIn, type Event, type EventOf, isResult } from './event.ts'
import type { ThreadState } from './state.ts'
import type { WriteIntent } from './step.ts'

/** What a deployment takes, since its thread began or deployed before: how long it waits for people, and what the model is asked. */
export interface Effort {
  waited_ms: number
  model_calls: number
  input_tokens: number
  output_tokens: number
  /** In the currency of `model.prices`; null: of no call is it known. */
  model_cost: number | null
}

export const NO_EFFORT: Effort = { waited_ms: 0, model_calls: 0, input_tokens: 0, output_tokens: 0, model_cost: null }

/** How a deployment ended. Tests change nothing. */
export const isDeployment = (event: Event): event is EventOf<`${WriteIntent}_result`> =>
  isResult(event) && event.type !== 'run_tests_result'

/** What each deployment of a thread took, and at last the one that has not ended, after one more event. A copy begins anew. */
export const effortsAfter = (state: ThreadState, event: Event): ThreadState['efforts'] => {
  const { efforts } = state
  const latest = efforts.at(-1) ?? NO_EFFORT
  const effort = event.type === 'forked' ? NO_EFFORT : withCall(withWait(latest, state, event), event)
  if (isDeployment(event)) return [...efforts.slice(0, -1), effort, NO_EFFORT]
  return effort === latest ? efforts : [...efforts.slice(0, -1), effort]
}

const withWait = (effort: Effort, { status, updated_at }: ThreadState, { at }: Event): Effort => {
  if (status !== 'awaiting_approval' && status !== 'awaiting_human') return effort
  const waited = Math.max(0, Date.parse(at) - Date.parse(updated_at))
  return { ...effort, waited_ms: effort.waited_ms + waited }
}

const withCall = (effort: Effort, event: Event): Effort => {
  const call = callIn(event)
  if (call === null) return effort
  return {
    waited_ms: effort.waited_ms,
    model_calls: effort.model_calls + 1,
    input_tokens: effort.input_tokens + call.input_tokens,
    output_tokens: effort.output_tokens + call.output_tokens,
    model_cost: call.cost == null ? effort.model_cost : (effort.model_cost ?? 0) + call.cost,
  }
}
