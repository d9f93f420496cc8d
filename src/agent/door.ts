import { v7 as uuidv7 } from 'uuid'
import { decide, type Next, place, proceed } from '../thread/decide.ts'
import { deploymentsIn } from '../thread/deployments.ts'
import type { Actor, Event } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { type Fork, forked } from '../thread/fork.ts'
import { indexRow } from '../thread/index-row.ts'
import type { Request } from '../thread/input.ts'
import { Refused } from '../thread/input.ts'
import type { Rules } from '../thread/rules.ts'
import type { ThreadState } from '../thread/state.ts'
import { createTurns } from './in-turn.ts'
import type { Answer, Append, Bell, Delivery, Door, Held, Hint, Log, TakenOnce, Watch } from './ports.ts'
import { Conflict, TakenBefore } from './ports.ts'
import type { Recent } from './recent.ts'

export interface DoorDeps {
  log: Log
  bell: Bell
  rules: Rules
  /** Whether this process can go on at once with one more thread. */
  hasRoom: () => boolean
  recent?: Recent
  watch?: Watch
}

/** A thread as far as it was read; no state: there is none yet. */
interface Known extends Omit<Held, 'state'> {
  state: ThreadState | null
}

/** What is to follow on what is known, and the state that it leads to. */
interface Decided extends Next {
  known: Known
}

type Launch = Extract<Request, { type: 'launch' | 'lock' | 'link' }>

// Whoever loses a place in the log lost it to somebody: each round one writer gets through.
const MOST_ROUNDS = 100

/** The write door for what comes from outside: read, decide, append, and decide again whenever another writer was first. */
export class WriteDoor implements Door {
  readonly #deps: DoorDeps
  readonly #inTurn = createTurns()

  constructor(deps: DoorDeps) {
    this.#deps = deps
  }

  launch(request: Launch, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => {
      const nothing = { events: [], state: null }
      return this.#append(this.#decide(uuidv7(), request, nothing, await this.#deps.log.now()), delivery)
    })
  }

  /** One after the other for each thread: of fifty at once each would else lose its place to all the others. */
  handle(threadId: string, request: Request, delivery?: TakenOnce): Promise<Event[]> {
    return this.#inTurn(threadId, () => this.#handle(threadId, request, delivery))
  }

  #handle(threadId: string, request: Request, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => {
      const quick = await this.#fromMemory(threadId, request, delivery)
      if (quick) return quick
      for (let round = 0; round < MOST_ROUNDS; round++) {
        try {
          const { events, now } = await this.#deps.log.load(threadId)
          const decided = this.#decide(threadId, request, { events, state: fold(events) }, now)
          // What changes nothing is written only where it must be remembered as taken.
          return decided.events.length > 0 || delivery ? await this.#append(decided, delivery) : events
        } catch (error) {
          if (!(error instanceof Conflict)) throw error
        }
      }
      throw new Conflict(`thread ${threadId} changed ${MOST_ROUNDS} times while one input was decided`)
    })
  }

  fork(threadId: string, fork: Fork, actor: Actor, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => {
      const { events, now } = await this.#deps.log.load(threadId)
      const copy = forked(events, fork, { id: uuidv7(), actor, at: now }, this.#deps.rules)
      return this.#append(begun(copy), delivery)
    })
  }

  async hint(threadId: string, delivery: Delivery & { answer: Answer }): Promise<Hint> {
    const row = { thread_id: threadId, expected_version: 0, events: [], index: null, delivery }
    try {
      const { known, mine } = await this.#deps.log.append({ ...row, hold: this.#hold() })
      if (known) this.#deps.bell.ring({ thread_id: threadId, news: mine ? 'ours' : 'due' })
      return known ? 'woke' : 'not_awaited'
    } catch (error) {
      if (error instanceof TakenBefore) return 'taken_before'
      throw error
    }
  }

  /**
   * Decided on what this process remembers, which the append proves to be all there is. Null: it is not, or there would be nothing to
   * append, or it would be refused; then the log must be read.
   */
  async #fromMemory(id: string, request: Request, delivery?: TakenOnce): Promise<Event[] | null> {
    const known = this.#deps.recent?.take(id)
    if (!known) return null
    try {
      const decided = this.#decide(id, request, known, await this.#deps.log.now())
      return decided.events.length > 0 ? await this.#append(decided, delivery) : null
    } catch (error) {
      if (error instanceof Conflict || error instanceof Refused) return null
      throw error
    }
  }

  #decide(id: string, request: Request, known: Known, at: string): Decided {
    const { rules } = this.#deps
    if (known.state !== null) return { known, ...proceed({ ...request, at }, known.state, rules) }
    return begun(place(decide({ ...request, at }, null, rules), id, 0, at))
  }

  async #append({ known, events, state }: Decided, delivery?: TakenOnce): Promise<Event[]> {
    const { log, bell, watch } = this.#deps
    const all = [...known.events, ...events]
    const row: Append = {
      thread_id: state.id,
      expected_version: known.events.length,
      events,
      index: indexRow(state),
      hold: this.#hold(),
      deployments: deploymentsIn(all, known.events.length, state),
      ...(delivery ? { delivery: { ...delivery, answer: delivery.answer(all) } } : {}),
    }
    const { mine } = await log.append(row)
    const held = { ...known, events: all, state }
    bell.ring(mine ? { thread_id: state.id, news: 'ours', held } : { thread_id: state.id, news: 'due' })
    watch?.({ before: known.state, after: state, events, log: all, ...(delivery ? { delivery } : {}) })
    return all
  }

  #hold(): 'take' | 'wake' {
    return this.#deps.hasRoom() ? 'take' : 'wake'
  }

  /** What was taken before is refused now because it was taken before: say again what was said then. */
  async #once(delivery: TakenOnce | undefined, write: () => Promise<Event[]>): Promise<Event[]> {
    try {
      return await write()
    } catch (error) {
      const answer = error instanceof Refused && delivery ? await this.#deps.log.taken(delivery) : null
      throw answer ? new TakenBefore(answer) : error
    }
  }
}

/** A log that begins with these. */
const begun = (events: Event[]): Decided => {
  const state = fold(events)
  if (state === null) throw new Refused('unknown_thread', 'there is no such thread')
  return { known: { events: [], state: null }, events, state }
}
