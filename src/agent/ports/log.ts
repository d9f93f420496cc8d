import type { Deployment } from '../../thread/deployments.ts'
import type { Event } from '../../thread/event.ts'
import type { IndexRow } from '../../thread/index-row.ts'

/** A message from outside that must be taken once. The same id with another `body_hash` is refused. */
export interface Delivery {
  source: string
  id: string
  body_hash: string
  /** Another sign by which the same message is known: both are taken with it, and either makes a later one its duplicate. */
  also?: Delivery
}

export interface Answer {
  status: number
  body: unknown
}

export interface Loaded {
  events: Event[]
  /** The database's clock, ISO 8601 in UTC with milliseconds. */
  now: string
}

/** Another append took this place in the log: read again, decide again. */
export class Conflict extends Error {}
/** Another thread holds what this append would have held (`index.holds`): nothing of it was written. */
export class Busy extends Error {}
/** This delivery was taken before: `answer` is what was said then. */
export class TakenBefore extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('delivery was taken before')
    this.answer = answer
  }
}
/** This delivery id came before with another body. */
export class KeyReused extends Error {}

// Connections refused, reset, timed out; and what Postgres says while it stops, starts, has no room (disk, connections),
// is a standby after a failover (25006), lets nobody in (28, 3D), or gave this statement up for another's sake (40, 55P03).
const GONE =
  /^(08|25006|28|3D|40|53|55P03|57|58|ECONN|ENOENT|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|ERR_STREAM|ERR_SOCKET)/
const POOL = /timeout exceeded|timeout expired|Connection terminated|not queryable|Query read timeout|Cannot use a pool/

/** Whether an error is the database's: it passes, and nothing is wrong with what was asked. */
export const isOutage = (error: unknown): boolean => {
  const { code, message = '', statusCode } = (error ?? {}) as { code?: string; message?: string; statusCode?: number }
  return statusCode === undefined && (GONE.test(code ?? '') || POOL.test(message))
}

/**
 * What an append does to who works on the thread. `take`: we go on with it at once if nobody works on it, else it is due ·
 * `wake`: it is due, for anybody · `keep`: nothing · `release`: we let go, unless something came meanwhile · `drop`: we let go.
 */
export type Hold = 'take' | 'wake' | 'keep' | 'release' | 'drop'

export interface Append {
  thread_id: string
  expected_version: number
  /** None: only the hold changes, or a delivery is noted; at version 0 that is a hint, for a thread that waits for something. */
  events: Event[]
  /** Null: nothing in the index changes. */
  index: IndexRow | null
  hold: Hold
  /** When a thread that is let go wakes by itself; null: not before something comes from outside. */
  until?: string | null
  delivery?: Delivery & { answer: Answer }
  /** Those that end with these events. */
  deployments?: readonly Deployment[]
}

export interface Written {
  /** The database's clock, as in Loaded. */
  now: string
  /** Whether the thread's row in the index was touched. */
  known: boolean
  /** Whether this process works on the thread from now on. */
  mine: boolean
}

/** The one log, and the index over it. All methods reject when the database cannot be reached. */
export interface Log {
  /** Events after `after` (default 0) in order, and the time. Unknown thread: no events. */
  load(threadId: string, after?: number): Promise<Loaded>
  /** Resolves when it is committed. Throws Conflict, Busy, TakenBefore, KeyReused; then nothing of it was written. */
  append(append: Append): Promise<Written>
  /** What was answered when this delivery was taken; null: it was not. Throws KeyReused. */
  taken(delivery: Delivery): Promise<Answer | null>
  /** The database's time. */
  now(): Promise<string>
}
