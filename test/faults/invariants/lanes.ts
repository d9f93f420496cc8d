import type { Event } from '../../../src/thread/event.ts'
import { evolve } from '../../../src/thread/evolve.ts'
import { holdOf } from '../../../src/thread/lane.ts'
import type { ThreadState } from '../../../src/thread/state.ts'
import type { Post, Snapshot, Violation } from '../invariants.ts'

interface Stay {
  thread: string
  lane: string
  from: number
  to: number
}

// Two ways to read one machine's clock.
const DRIFT_MS = 20

/**
 * I6: never are two dispatches in flight for one service in one environment. A stay begins with its POST and ends with the event that
 * says so. Times in the log are reckoned by each process from the database's last answer, and so may be a round trip behind: too early for
 * an end tells no lies, for a beginning it did (seen on a machine with a load of 15).
 */
export const oneInALane = ({ logs, posts }: Snapshot): Violation[] =>
  [
    ...Map.groupBy(
      [...logs.values()].flatMap((events) => stays(events, posts)),
      ({ lane }) => lane,
    ),
  ].flatMap(([lane, all]) => {
    const inOrder = all.sort((a, b) => a.from - b.from)
    return inOrder.flatMap(({ thread, from }, i): Violation[] => {
      const other = inOrder.slice(0, i).find((before) => before.thread !== thread && before.to > from + DRIFT_MS)
      return other ? [{ invariant: 'I6', thread, what: `in ${lane} beside ${other.thread}` }] : []
    })
  })

/** From when to when this thread was in which lane, as its log folds. */
const stays = (events: readonly Event[], posts: readonly Post[]): Stay[] => {
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
    if (last && before !== null) last.to = Math.min(last.to, Date.parse(event.at))
    const sent = posts.find((post) => event.type === 'tool_started' && post.dispatch_id === event.data.dispatch_id)
    // One that never left was in nobody's way.
    if (lane !== null && sent) {
      found.push({ thread: event.thread_id, lane, from: sent.at, to: Number.POSITIVE_INFINITY })
    }
  }
  return found
}
