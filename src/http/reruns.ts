import type { Door } from '../agent/ports.ts'
import { Refused } from '../thread/input.ts'

/** A run that GitHub says was attempted again: its thread says so, once an attempt, where it had ended. Anything else is no news. */
export const tellRerun = async (door: Door, threadId: string, run: { id: number; run_attempt?: number }) => {
  const attempt = run.run_attempt ?? 1
  if (attempt < 2) return
  try {
    await door.handle(threadId, { type: 'rerun', run_id: run.id, attempt })
  } catch (error) {
    // A name of a thread that is none: anybody can call a run like that.
    if (!(error instanceof Refused)) throw error
  }
}
