import type { Event } from './event.ts'
import { evolve } from './evolve.ts'
import type { ThreadState } from './state.ts'

/** What a thread spent time with: its own work, people who were asked, a run, or its turn, a child and time itself. */
export type Spent = 'work' | 'people' | 'run' | 'pause'
export const SPENT = ['work', 'people', 'run', 'pause'] as const satisfies Spent[]

export interface Span {
  spent: Spent
  /** Seq of the event that it began with. */
  from: number
  since: string
  ms: number
}

/** Where the time went, in order; neighbours of one kind are one. A thread that has not ended is at it until `now`. */
export const spansOf = (events: readonly Event[], now: string): Span[] => {
  const spans: Span[] = []
  let state: ThreadState | null = null
  for (const [i, event] of events.entries()) {
    state = evolve(state, event)
    const spent = spentIn(state)
    const until = events[i + 1]?.at ?? now
    const ms = Math.max(0, Date.parse(until) - Date.parse(event.at))
    const last = spans.at(-1)
    if (spent === null) continue
    if (last?.spent === spent && follows(last, event.at)) last.ms += ms
    else spans.push({ spent, from: event.seq, since: event.at, ms })
  }
  return spans
}

const follows = ({ since, ms }: Span, at: string): boolean => Date.parse(since) + ms >= Date.parse(at)

/** How much of each, in milliseconds. */
export const totalsOf = (spans: readonly Span[]): Record<Spent, number> => {
  const totals = { work: 0, people: 0, run: 0, pause: 0 }
  for (const { spent, ms } of spans) totals[spent] += ms
  return totals
}

/** Null: it has ended, and nobody waits. */
const spentIn = (state: ThreadState): Spent | null => {
  switch (state.status) {
    case 'running':
      return 'work'
    case 'awaiting_approval':
    case 'awaiting_human':
      return 'people'
    case 'awaiting_run':
      return 'run'
    case 'awaiting_thread':
    case 'sleeping':
      return 'pause'
    case 'cancelled':
      return state.run ? 'run' : null
    case 'done':
    case 'failed':
      return null
  }
}
