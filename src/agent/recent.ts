import type { Held } from './ports.ts'

const MOST_THREADS = 500
const MOST_EVENTS = 200

/**
 * Threads that this process let go last, as they were then: what comes for one of them is decided without reading it again.
 * Another process may have written since, so nothing may be refused, shown or done because of what stands here: only appended.
 */
export class Recent {
  readonly #held = new Map<string, Held>()

  keep(held: Held): void {
    if (held.events.length > MOST_EVENTS) return
    this.#held.set(held.state.id, held)
    const [oldest] = this.#held.keys()
    if (this.#held.size > MOST_THREADS && oldest !== undefined) this.#held.delete(oldest)
  }

  /** Gives it away: after what comes next it is no longer so. */
  take(threadId: string): Held | undefined {
    const held = this.#held.get(threadId)
    this.#held.delete(threadId)
    return held
  }
}
