import { repliesAt } from './contact/replies.ts'
import type { Event } from './event.ts'
import { fold } from './evolve.ts'
import { holdOf, locksOf, waitOf } from './lane.ts'
import { next } from './next.ts'
import { soleOf } from './release/release.ts'
import type { ThreadState } from './state.ts'
import { runOf } from './state.ts'

/** What the index over the log holds of a thread: all of it folds from the log. */
export interface IndexRow {
  id: string
  agent: string
  title: string
  status: string
  parent_id: string | null
  forked_from: string | null
  /** The run it waits for: lets a webhook find its thread. */
  run_id: number | null
  created_at: string
  /** What it alone may hold now, by name: the database keeps any second one from holding it too. */
  holds: string | null
  /** The lane whose turn it awaits: whoever leaves that lane wakes it. */
  waits: string | null
  /** The places that it locks. */
  locks: string | null
  /** What only one thread may be that has not ended: a second one cannot be launched. */
  sole: string | null
  /** Where replies come in that belong to it, a line each. */
  addresses: string | null
  /** What it is about, and who launched it: what people look for it by. */
  service: string | null
  environment: string | null
  person: string | null
}

export const indexRow = (state: ThreadState): IndexRow => ({
  id: state.id,
  agent: state.agent,
  title: state.title,
  status: state.status,
  parent_id: state.parent?.thread_id ?? null,
  forked_from: state.forked_from,
  run_id: runOf(state)?.run_id ?? null,
  created_at: state.created_at,
  holds: holdOf(state),
  waits: waitOf(state),
  locks: locksOf(state),
  sole: soleOf(state),
  addresses: repliesAt(state),
  service: state.aim?.service ?? null,
  environment: state.aim?.environment ?? null,
  person: state.launched_by.kind === 'person' ? state.launched_by.id : null,
})

/** A row folded from a whole log, and when the thread is due: at once, later, or null for not before somebody comes. */
export const rowOf = (events: readonly Event[], now: string) => {
  const state = fold(events)
  if (state === null) throw new Error('a thread without events has no row')
  return { ...indexRow(state), due: dueAt(state, now) }
}

const dueAt = (state: ThreadState, now: string): string | null => {
  const effect = next(state, now)
  return effect.do === 'rest' ? effect.until : now
}

/** Whether the index says the same of both. */
export const sameRow = (a: IndexRow, b: IndexRow): boolean =>
  a.status === b.status &&
  a.run_id === b.run_id &&
  a.title === b.title &&
  a.forked_from === b.forked_from &&
  a.holds === b.holds &&
  a.waits === b.waits &&
  a.locks === b.locks &&
  a.sole === b.sole &&
  a.addresses === b.addresses &&
  a.service === b.service &&
  a.environment === b.environment

/** Whether an event of this type can be the one by which a thread begins to hold something; no other is kept from being appended. */
export const takesHold = ({ type }: Event): boolean => type === 'tool_started' || type === 'thread_launched'
