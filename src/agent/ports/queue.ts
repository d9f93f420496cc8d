import type { Window } from '../../thread/context/window.ts'
import type { Event } from '../../thread/event.ts'
import type { ThreadState } from '../../thread/state.ts'

/** A thread is its own queue entry. */
export interface Queue {
  /** Takes up to `limit` due threads for this process, those first that wait longest. */
  claim(limit: number): Promise<string[]>
  /** Takes up to `limit` threads whose owner died or hangs, or that this process owns but does not work on. */
  rescue(limit: number, active: string[]): Promise<string[]>
  /** Extends the leases of these threads. */
  heartbeat(active: string[]): Promise<void>
  /** Lets go of a thread of ours; it is due again, for anybody, in so many seconds. */
  putOff(threadId: string, seconds: number): Promise<void>
  /** Forgets deliveries that nobody sends again; how many. */
  forget(): Promise<number>
  /** Sets a thread of ours aside that cannot go on, until an operator releases it. */
  quarantine(threadId: string, reason: string): Promise<void>
}

/** `changed`: there are new events · `due`: it has something to do and nobody works on it · `ours`: this process has taken it. */
export interface Ring {
  thread_id: string
  news: 'changed' | 'due' | 'ours'
  /** What this process knows of a thread that it has taken. */
  held?: Held
}

/** A thread as far as it was read, in the hands of its owner. */
export interface Held {
  events: Event[]
  state: ThreadState
  /** What the model's latest call saw of it. */
  window?: Window | undefined
}

/** Tells who listens, here at once and in other processes soon, that a thread changed. Losing a ring costs a sweep, nothing else. */
export interface Bell {
  ring(ring: Ring): void
  /** Calls back at each ring; the returned function stops it. */
  listen(hear: (ring: Ring) => void): () => void
}
