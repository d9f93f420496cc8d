import { v7 as uuidv7 } from 'uuid'
import { decide, place } from '../thread/decide.ts'
import type { Event } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { forkOf } from '../thread/fork.ts'
import { indexRow } from '../thread/index-row.ts'
import type { Input } from '../thread/input.ts'
import { Refused } from '../thread/input.ts'
import type { Rules } from '../thread/rules.ts'
import type { ThreadState } from '../thread/state.ts'
import { type Bell, Conflict, type Door, type Log, TakenBefore, type TakenOnce, type Watch } from './ports.ts'

/** A thread as far as it has been read. */
export interface Known {
  events: Event[]
  state: ThreadState | null
  /** The database's time at the latest reading. */
  now: string
}

const NOTHING: Known = { events: [], state: null, now: '' }

// Whoever loses a place in the log lost it to somebody: each round one writer gets through.
const MOST_ROUNDS = 100

/** The one way to write: read, decide, append, and decide again whenever another writer was first. */
export const createWriter = (log: Log, bell: Bell, rules: Rules, watch: Watch = () => {}) => {
  const read = async (threadId: string, known: Known = NOTHING): Promise<Known> => {
    const { events, now } = await log.load(threadId, known.events.length)
    if (events.length === 0) return { ...known, now }
    return { events: [...known.events, ...events], state: fold(events, known.state), now }
  }

  const append = async (known: Known, events: Event[], wake: boolean, delivery?: TakenOnce): Promise<Known> => {
    const all = [...known.events, ...events]
    const state = fold(events, known.state)
    if (state === null) throw new Refused('unknown_thread', 'there is no such thread')
    await log.append({
      thread_id: state.id,
      expected_version: known.events.length,
      events,
      index: indexRow(state),
      wake,
      ...(delivery ? { delivery: { ...delivery, answer: delivery.answer(all) } } : {}),
    })
    bell.ring(state.id)
    watch({ before: known.state, after: state, events, log: all, ...(delivery ? { delivery } : {}) })
    return { events: all, state, now: known.now }
  }

  /** `wake`: the input came from outside, so whoever owns the thread (or nobody) must look at it. */
  const handle = async (threadId: string, input: Input, known?: Known, wake = false, delivery?: TakenOnce) => {
    let latest = known
    for (let round = 0; round < MOST_ROUNDS; round++) {
      latest = await read(threadId, latest)
      const at = latest.now
      const decided = decide({ ...input, at }, latest.state, rules)
      if (decided.length === 0 && !delivery) return latest
      try {
        return await append(latest, place(decided, threadId, latest.events.length, at), wake, delivery)
      } catch (error) {
        if (!(error instanceof Conflict)) throw error
      }
    }
    throw new Conflict(`thread ${threadId} changed ${MOST_ROUNDS} times while one input was decided`)
  }

  return { read, append, handle }
}

export type Writer = ReturnType<typeof createWriter>

/** The write door as HTTP sees it: each request is taken once, and its thread is due at once. */
export const createDoor = (writer: Writer, log: Log): Door => {
  const once = async (delivery: TakenOnce | undefined, write: () => Promise<Known>): Promise<Event[]> => {
    try {
      return (await write()).events
    } catch (error) {
      // What was taken before is refused now because it was taken before: say again what was said then.
      const answer = error instanceof Refused && delivery ? await log.taken(delivery) : null
      throw answer ? new TakenBefore(answer) : error
    }
  }
  return {
    launch: (request, delivery) => once(delivery, () => writer.handle(uuidv7(), request, undefined, true, delivery)),
    handle: (threadId, request, delivery) =>
      once(delivery, () => writer.handle(threadId, request, undefined, true, delivery)),
    fork: (threadId, upTo, actor, delivery) =>
      once(delivery, async () => {
        const source = await writer.read(threadId)
        const events = forkOf(source.events, upTo, { id: uuidv7(), actor, at: source.now })
        return writer.append({ ...NOTHING, now: source.now }, events, true, delivery)
      }),
  }
}
