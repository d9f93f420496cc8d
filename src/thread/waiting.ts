import type { Event } from './event.ts'
import { fold } from './evolve.ts'
import type { ThreadState } from './state.ts'

/** A thread that waits for people, as an inbox needs it. */
export interface Waiting {
  state: ThreadState
  /** When it began to wait for this answer. */
  since: string
  /** People who were told of the question by name. */
  named: string[]
}

/** Null: it does not wait for people (any more). */
export const waitingIn = (events: readonly Event[]): Waiting | null => {
  const state = fold(events)
  if (state?.status !== 'awaiting_approval' && state?.status !== 'awaiting_human') return null
  const seq = state.status === 'awaiting_approval' ? state.request.seq : state.question.seq
  return { state, since: events[seq - 1]?.at ?? state.updated_at, named: namedFor(events) }
}

/** People who were told by name of what was asked last. */
export const namedFor = (events: readonly Event[]): string[] => {
  const named = events.findLast((event) => event.type === 'contacts_named')
  if (named?.type !== 'contacts_named') return []
  return named.data.contacts.flatMap(({ person }) => (person === null ? [] : [person]))
}
