import type { Event, EventOf, GateRequest } from '../event.ts'
import { mayPass } from '../outage.ts'
import { clean } from '../text.ts'

/** What is known of the run that a `gate` thread was launched for, beside what is known of any thread; folded from its events. */
export interface Gate {
  request: GateRequest
  /** Why it may not go on; null: nobody and nothing has said so. */
  refused: string | null
  /** Seq of the step that tells GitHub so. */
  closing: number | null
  /** What has come of it. A code: it went wrong. */
  ended: { code: string | null; message: string } | null
}

const WORDS = 500

/** What policy says for good, whoever approves: the run is turned away with these words. */
const REFUSALS = ['stage_missing', 'frozen', 'locked', 'goes_backward', 'environment_busy', 'unknown_environment']

/** It does not wait there any more: somebody cancelled it, or another answered. */
export const GONE = 'gate_gone'
export const goneInWords = ({ run_id, environment }: Pick<GateRequest, 'run_id' | 'environment'>): string =>
  `run ${run_id} does not wait for ${environment} any more`

/** What is known after one more event. */
export const gateAfter = (gate: Gate | null, event: Event): Gate | null => {
  if (event.type === 'gate_requested') return { request: event.data, refused: null, closing: null, ended: null }
  return gate && known(gate, event)
}

const known = (gate: Gate, event: Event): Gate => {
  switch (event.type) {
    case 'approval_denied':
      return { ...gate, refused: denied(event) }
    case 'approval_expired':
      return { ...gate, refused: 'the time for its approval is over' }
    case 'cancelled':
      return { ...gate, refused: because('its thread was cancelled', event.data.reason) }
    case 'error':
      return mayPass(event) ? gate : afterError(gate, event)
    case 'close_gate':
      return { ...gate, closing: event.seq }
    case 'open_gate_result':
      return { ...gate, ended: { code: null, message: event.data.message } }
    case 'close_gate_result':
      return { ...gate, ended: closedBy(gate, event) }
    default:
      return gate
  }
}

const denied = ({ actor, data }: EventOf<'approval_denied'>): string =>
  because(`${actor.kind === 'person' ? actor.id : 'a person'} said no`, data.comment)

const because = (what: string, words: string): string => {
  const said = clean(words, WORDS).trim()
  return said === '' ? what : `${what}: ${said}`
}

const afterError = (gate: Gate, { actor, data: { code, message } }: EventOf<'error'>): Gate => {
  if (code === GONE) return { ...gate, ended: { code: null, message } }
  if (REFUSALS.includes(code)) return { ...gate, refused: message }
  // Only an answer that GitHub refused is an error in its own name: asking people once more would not change that.
  return actor.kind === 'github' ? { ...gate, ended: { code, message } } : gate
}

const closedBy = ({ refused }: Gate, { data }: EventOf<'close_gate_result'>): Gate['ended'] => {
  if (data.accepted) return { code: null, message: `it may not go on: ${refused ?? data.message}` }
  return { code: data.code === undefined || data.code === GONE ? null : data.code, message: data.message }
}
