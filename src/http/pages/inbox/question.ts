import type { ThreadState } from '../../../thread/state.ts'
import { tagInWords } from '../../../thread/text.ts'
import type { Waiting } from '../../../thread/waiting.ts'
import { duration } from '../words.ts'

/** What expires first, then what has waited longest; what the model calls urgent before the other questions. */
export const byUrgency = (a: Waiting, b: Waiting): number =>
  expiryOf(a).localeCompare(expiryOf(b)) || levelOf(a) - levelOf(b) || a.since.localeCompare(b.since)

const NEVER = '9999'
const expiryOf = ({ state }: Waiting): string =>
  state.status === 'awaiting_approval' ? state.request.expires_at : NEVER

const LEVELS = { high: 0, medium: 1, low: 2 } as const
const levelOf = ({ state }: Waiting): number =>
  state.status === 'awaiting_human' ? LEVELS[state.question.options.urgency] : LEVELS.high

interface Asking {
  headline: string
  /** Who asked, and for how long it has waited. */
  of: string
}

/** A question in a line or two. */
export const whatItAsks = (state: ThreadState, since: string, now: string): Asking => {
  const waited = `waiting ${minutes(Date.parse(now) - Date.parse(since))}`
  const by = state.requesters.length === 0 ? 'nobody in person' : state.requesters.join(', ')
  const of = `asked by ${by}, ${waited}`
  if (state.status === 'awaiting_approval') {
    const { service, environment, tag, live } = state.request
    const from = live === null ? 'nothing' : tagInWords(live.tag ?? live.sha)
    return { headline: `${service} on ${environment}: ${from} → ${tagInWords(tag)}`, of }
  }
  return { headline: state.title, of }
}

/** To the minute: a page that says the same is not put in place of itself every second. */
const minutes = (ms: number): string =>
  ms < 60_000 ? 'less than a minute' : duration(Math.floor(ms / 60_000) * 60_000)
