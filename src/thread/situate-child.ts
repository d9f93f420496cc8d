import type { EventOf } from './event.ts'
import { CHOICES } from './release/release.ts'
import { doing, idle, Unreadable } from './situation.ts'
import type { Situation, ThreadState } from './state.ts'
import { childOf } from './state.ts'

type ChildEvent = EventOf<'child_launched' | 'child_ended' | 'child_stopped'>

/** Launched, it is waited for; a cancelled parent only asks it to stop. */
export const afterChildEvent = (state: ThreadState, event: ChildEvent): Situation => {
  const child = childOf(state)
  if (!child) throw new Unreadable('a child that nobody launched')
  switch (event.type) {
    case 'child_launched': {
      const known = { ...child, id: event.data.child_id }
      return state.status === 'cancelled' ? { ...state, child: known } : { status: 'awaiting_thread', child: known }
    }
    case 'child_ended':
      return state.status === 'cancelled' ? { ...state, child: null } : idle
    case 'child_stopped':
      if (state.status === 'cancelled') return { ...state, child: null }
      return event.data.accepted ? idle : { status: 'awaiting_thread', child }
  }
}

/** A person says whether to restart: what waits for a child stops it first, and what is under way otherwise ends its step. */
export const afterOffer = (state: ThreadState, { data }: EventOf<'human_response'>): Situation => {
  if (data.choice !== CHOICES.restart || state.status !== 'awaiting_thread') return state
  return doing({ do: 'stop_child', child: state.child })
}
