import { next } from './next.ts'
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
}

export const indexRow = (state: ThreadState): IndexRow => ({
  id: state.id,
  agent: state.agent,
  title: state.title,
  status: state.status,
  parent_id: null,
  forked_from: state.forked_from,
  run_id: runOf(state)?.run_id ?? null,
})

/** When the thread has something to do: `at` at once, a later time, or null for not before something comes from outside. */
export const dueAt = (state: ThreadState, at: string): string | null => {
  const effect = next(state)
  return effect.do === 'rest' ? effect.until : at
}
