import type { Event } from '../thread/event.ts'

// Well below the lease (5 s), after which others take a silent owner for dead.
const GOOD_FOR_MS = 2_000

/** The `tool_started` that a session itself committed last, and when by this process's own count: only its dispatch may be sent. */
export class OwnIntent {
  #latest = { seq: 0, at: 0 }

  /** These stand in the log now, and this session wrote them. */
  committed(events: readonly Event[]): void {
    const start = events.findLast(({ type }) => type === 'tool_started')
    if (start) this.#latest = { seq: start.seq, at: performance.now() }
  }

  /** Whether this session wrote that intent, a moment ago: a process that was stopped since may have been given up by others. */
  is(started: number): boolean {
    const { seq, at } = this.#latest
    return started > 0 && seq === started && performance.now() - at < GOOD_FOR_MS
  }
}
