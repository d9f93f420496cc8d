import type { Appended } from '../agent/ports.ts'
import type { Block, Event } from '../thread/event.ts'
import type { Closed } from '../thread/known.ts'
import { ENDED, type Status } from '../thread/state.ts'

/** A question to people that is no longer open: which, since when, and how it ended. */
export interface Closing {
  question: 'approval' | 'input'
  asked: Event
  outcome: Closed
  at: string
}

/** The questions that these events closed. A copied log (a fork) asked nobody anything. */
export const closings = ({ before, after, events, log }: Appended): Closing[] => {
  const at = events.at(-1)?.at
  if (before === null || at === undefined || before.closed === after.closed) return []
  return Object.entries(after.closed).flatMap(([seq, outcome]): Closing[] => {
    const asked = log[Number(seq) - 1]
    const known = Object.hasOwn(before.closed, seq)
    // What policy waived, nobody was asked.
    if (known || !asked || asked.type === 'approval_waived') return []
    return [{ question: asked.type === 'approval_requested' ? 'approval' : 'input', asked, outcome, at }]
  })
}

export const secondsOf = ({ asked, at }: Closing): number => Math.max(0, Date.parse(at) - Date.parse(asked.at)) / 1000

/** How these events ended their thread; null: they did not. A done thread that people wake again ends again. */
export const ending = ({ before, after }: Appended): Status | null =>
  before !== null && before.status !== after.status && ENDED.includes(after.status) ? after.status : null

/** What a named person overrode by these events. */
export const overridden = ({ before, events }: Appended): Block[] =>
  before === null ? [] : events.flatMap((event) => (event.type === 'glass_broken' ? event.data.blocked : []))

export type DispatchNews = 'accepted' | 'refused' | 'deferred' | 'unclear' | 'unknown'

/** What became known of dispatches. One that was unclear at first may become known as unknown later. */
export const dispatchNews = ({ before, events }: Appended): DispatchNews[] =>
  before === null ? [] : events.map(newsOf).filter((news) => news !== null)

const newsOf = ({ type, actor }: Event): DispatchNews | null => {
  switch (type) {
    case 'dispatch_accepted':
      return 'accepted'
    case 'dispatch_deferred':
      return 'deferred'
    case 'dispatch_unclear':
      return 'unclear'
    case 'dispatch_unknown':
      return 'unknown'
    case 'error':
      // Only a refused dispatch is an error in GitHub's own name; a failed look-up is one of code's.
      return actor.kind === 'github' ? 'refused' : null
    default:
      return null
  }
}
