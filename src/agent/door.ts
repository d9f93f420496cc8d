import { v7 as uuidv7 } from 'uuid'
import { decide, place } from '../thread/decide.ts'
import type { Actor, Event } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { forkOf } from '../thread/fork.ts'
import { indexRow } from '../thread/index-row.ts'
import type { Request } from '../thread/input.ts'
import { Refused } from '../thread/input.ts'
import type { Rules } from '../thread/rules.ts'
import type { ThreadState } from '../thread/state.ts'
import type { Answer, Append, Bell, Delivery, Door, Log, TakenOnce, Watch } from './ports.ts'
import { Conflict, TakenBefore } from './ports.ts'

export interface DoorDeps {
  log: Log
  bell: Bell
  rules: Rules
  /** Whether this process can go on at once with one more thread. */
  hasRoom: () => boolean
  watch?: Watch
}

type Launch = Extract<Request, { type: 'launch' }>

// Whoever loses a place in the log lost it to somebody: each round one writer gets through.
const MOST_ROUNDS = 100

/** The write door for what comes from outside: read, decide, append, and decide again whenever another writer was first. */
export class WriteDoor implements Door {
  readonly #deps: DoorDeps

  constructor(deps: DoorDeps) {
    this.#deps = deps
  }

  launch(request: Launch, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => this.#decide(uuidv7(), request, [], await this.#deps.log.now(), delivery))
  }

  handle(threadId: string, request: Request, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => {
      for (let round = 0; round < MOST_ROUNDS; round++) {
        try {
          const { events, now } = await this.#deps.log.load(threadId)
          return await this.#decide(threadId, request, events, now, delivery)
        } catch (error) {
          if (!(error instanceof Conflict)) throw error
        }
      }
      throw new Conflict(`thread ${threadId} changed ${MOST_ROUNDS} times while one input was decided`)
    })
  }

  fork(threadId: string, upTo: number, actor: Actor, delivery?: TakenOnce): Promise<Event[]> {
    return this.#once(delivery, async () => {
      const { events, now } = await this.#deps.log.load(threadId)
      return this.#append([], null, forkOf(events, upTo, { id: uuidv7(), actor, at: now }), delivery)
    })
  }

  async hint(threadId: string, delivery: Delivery & { answer: Answer }): Promise<boolean> {
    const row = { thread_id: threadId, expected_version: 0, events: [], index: null, delivery }
    try {
      const { known, mine } = await this.#deps.log.append({ ...row, hold: this.#hold() })
      if (known) this.#deps.bell.ring({ thread_id: threadId, news: mine ? 'ours' : 'due' })
      return known
    } catch (error) {
      if (error instanceof TakenBefore) return false
      throw error
    }
  }

  async #decide(id: string, request: Request, events: Event[], at: string, delivery?: TakenOnce): Promise<Event[]> {
    const state = fold(events)
    const decided = decide({ ...request, at }, state, this.#deps.rules)
    // What changes nothing is written only where it must be remembered as taken.
    return decided.length > 0 || delivery
      ? this.#append(events, state, place(decided, id, events.length, at), delivery)
      : events
  }

  async #append(known: Event[], before: ThreadState | null, events: Event[], delivery?: TakenOnce): Promise<Event[]> {
    const { log, bell, watch } = this.#deps
    const all = [...known, ...events]
    const state = fold(events, before)
    if (state === null) throw new Refused('unknown_thread', 'there is no such thread')
    const row: Append = {
      thread_id: state.id,
      expected_version: known.length,
      events,
      index: indexRow(state),
      hold: this.#hold(),
      ...(delivery ? { delivery: { ...delivery, answer: delivery.answer(all) } } : {}),
    }
    const { mine } = await log.append(row)
    const held = { events: all, state }
    bell.ring(mine ? { thread_id: state.id, news: 'ours', held } : { thread_id: state.id, news: 'due' })
    watch?.({ before, after: state, events, log: all, ...(delivery ? { delivery } : {}) })
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
