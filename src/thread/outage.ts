import type { Event } from './event.ts'
import type { Limits } from './rules.ts'
import type { ThreadState } from './state.ts'
import { after, afterMs, reached } from './time.ts'

/** Something outside does not answer, and code keeps trying: since when, and how often it failed. */
export interface Outage {
  since: string
  failures: number
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 60_000

/** The outage after one more event; null: none. Whatever got through ends it. */
export const outageAfter = ({ outage }: Pick<ThreadState, 'outage'>, event: Event): Outage | null => {
  if (mayPass(event)) return { since: outage?.since ?? event.at, failures: (outage?.failures ?? 0) + 1 }
  // The next try begins like this, and says nothing of how it ends.
  const trying = event.type === 'slept' || event.type === 'tool_started'
  return trying ? outage : null
}

/** A failure that is waited out: nothing was done, and the same call may work later. */
export const mayPass = (event: Event): boolean =>
  event.type === 'dispatch_deferred' || (event.type === 'error' && event.data.retry_at !== undefined)

/** When to try again: not before the other side wants it, and after each failure twice as late. */
export const retryAt = (at: string, wanted_ms: number, { outage }: Pick<ThreadState, 'outage'>): string => {
  const pause = FIRST_PAUSE_MS * 2 ** (outage?.failures ?? 0)
  return afterMs(at, Math.max(wanted_ms, Math.min(pause, LONGEST_PAUSE_MS)))
}

/** It has failed for so long that a person should know. */
export const lastsTooLong = ({ outage, updated_at }: ThreadState, { outage_seconds }: Limits): boolean =>
  outage !== null && reached(updated_at, after(outage.since, outage_seconds))
