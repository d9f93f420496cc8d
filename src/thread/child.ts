import type { At } from './decide.ts'
import type { Actor, ChildEnd, NewEvent } from './event.ts'
import type { Outcome, Request } from './input.ts'
import type { ThreadState } from './state.ts'
import { childOf } from './state.ts'

type Came<T extends Outcome['type']> = At<Extract<Outcome, { type: T }>>

const code: Actor = { kind: 'code' }

/** It was launched, once, whatever happened to us since. A thread that was cancelled meanwhile must know it, to stop it. */
export const childLaunched = ({ to, child_id, agent }: Came<'child_launched'>, state: ThreadState): NewEvent[] => {
  const child = childOf(state)
  if (child?.seq !== to || child.id !== null) return []
  return [{ type: 'child_launched', data: { to, child_id, agent }, actor: code }]
}

/** A child tells its parent once it has ended: news only to a parent that still waits for it. */
export const childEnded = (
  { to, end }: At<Extract<Request, { type: 'child_ended' }>>,
  state: ThreadState,
): NewEvent[] => (childOf(state)?.seq === to ? [{ type: 'child_ended', data: { to, ...end }, actor: code }] : [])

export const childStopped = (input: Came<'child_stopped'>, state: ThreadState): NewEvent[] => {
  const { to, accepted, message } = input
  const asked = state.status === 'cancelled' || (state.status === 'running' && state.pending?.do === 'stop_child')
  if (!asked || childOf(state)?.seq !== to) return []
  return [{ type: 'child_stopped', data: { to, accepted, message }, actor: code }]
}

export const parentTold = ({ to }: Came<'parent_told'>, state: ThreadState): NewEvent[] =>
  state.parent && state.parent_told < to ? [{ type: 'parent_told', data: { to }, actor: code }] : []

/** How a thread ended, for its parent; null: it has not. */
export const endOf = (state: ThreadState): (ChildEnd & { seq: number }) | null => {
  const { id: child_id, results } = state
  switch (state.status) {
    case 'done':
    case 'failed':
      return { child_id, status: state.status, message: state.message, results, seq: state.seq }
    case 'cancelled':
      // As long as a run of it goes on, or a child of its own, it may still come to something.
      if (state.run || state.child) return null
      return { child_id, status: 'cancelled', message: state.reason, results, seq: state.seq }
    default:
      return null
  }
}
