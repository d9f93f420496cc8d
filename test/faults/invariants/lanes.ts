import type { Event } from '../../../src/thread/event.ts'
import { evolve } from '../../../src/thread/evolve.ts'
import { holdOf } from '../../../src/thread/lane.ts'
import type { ThreadState } from '../../../src/thread/state.ts'
import type { Snapshot, Violation } from '../invariants.ts'

interface Stay {
  thread: string
  lane: string
  from: number
  to: number
}

// Each process reckons the database's time by itself between two answers of it.
const CLOCKS_MS = 100

/** I6: never are two dispatches in flight for one service in one environment. */
export const oneInALane = ({ logs }: Snapshot): Violation[] =>
  [...Map.groupBy([...logs.values()].flatMap(stays), ({ lane }) => lane)].flatMap(([lane, all]) => {
    const inOrder = all.sort((a, b) => a.from - b.from)
    return inOrder.flatMap(({ thread, from }, i): Violation[] => {
      const other = inOrder.slice(0, i).find((before) => before.thread !== thread && before.to > from + CLOCKS_MS)
      return other ? [{ invariant: 'I6', thread, what: `in ${lane} beside ${other.thread}` }] : []
    })
  })

/** From when to when this thread was in which lane, as its log folds. */
const stays = (events: readonly Event[]): Stay[] => {
  const found: Stay[] = []
  let state: ThreadState | null = null
  for (const event of events) {
    const before: string | null = state && holdOf(state)
    try {
      state = evolve(state, event)
    } catch {
      // What cannot be folded is another promise's to tell.
      return found
    }
    const lane = holdOf(state)
    if (lane === before) continue
    const last = found.at(-1)
    if (last && before !== null) last.to = Date.parse(event.at)
    const { thread_id, at } = event
    if (lane !== null) found.push({ thread: thread_id, lane, from: Date.parse(at), to: Number.POSITIVE_INFINITY })
  }
  return found
}
