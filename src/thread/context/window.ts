import type { Event } from '../event.ts'
import { mayPass } from '../outage.ts'
import { isWords, MOST, TARGET, withinBudget } from './budget.ts'
import { once, type Read } from './once.ts'
import { type Part, partOf } from './part.ts'
import { type Redact, redactUsual } from './redact.ts'
import { tokensIn } from './tokens.ts'
import { voided } from './void.ts'

/**
 * A thread as a model reads it, so far as it is settled. `base`: how many events the first call since the newest words of people saw.
 * Up to there all is put in order, as people who spoke took longer than any provider keeps a prompt; from there on it only grows.
 */
export interface Window {
  base: number
  /** So many events stand in it. */
  count: number
  text: string
  /** How long the text was at each earlier call since it was put in order. */
  ends: readonly number[]
  /** Null: not counted, as it has fewer signs than that. */
  tokens: number | null
  /** Beyond so many tokens it is put in order again. */
  most: number
  read: Read
}

export const EMPTY: Window = { base: -1, count: 0, text: '', ends: [], tokens: null, most: MOST, read: new Map() }

// More than anybody can say: the door takes 20,000 characters, a comment at GitHub has up to 65,536. The newest are shown whole.
const NEWEST_WORDS = 66_000
const OLD_WORDS = 4_000
const CUT_WORDS = 300

/** What no later event changes any more: all but what came since the newest call of the model. `before`: what an earlier call saw. */
const settle = (events: readonly Event[], before: Window, redact: Redact): Window => {
  const base = baseOf(events)
  if (base === null) return EMPTY
  let window = goesOn(before, base, events) ? { ...before, base } : inOrder(events, base, base, redact)
  for (let end = window.count + 1; end < events.length; end++) {
    if (isCall(events[end])) window = grown(window, events, end, redact)
  }
  return window
}

/** The thread as the next call would see it. */
export const windowOf = (events: readonly Event[], before: Window = EMPTY, redact: Redact = redactUsual): Window => {
  const window = settle(events, before, redact)
  return window === EMPTY ? inOrder(events, events.length, -1, redact) : grown(window, events, events.length, redact)
}

/** What a call saw is settled once that call is in the log. The first one since people spoke did not know yet that it would be that. */
const goesOn = ({ base, count }: Window, first: number, events: readonly Event[]): boolean =>
  isCall(events[count]) && (base === first || (base === EMPTY.base && count === first))

const isCall = (event: Event | undefined): boolean => event?.actor.kind === 'model'

/** Null: nobody was asked since people spoke. */
const baseOf = (events: readonly Event[]): number | null => {
  const words = events.findLastIndex(isWords)
  const call = events.findIndex((event, i) => i > words && isCall(event))
  return call === -1 ? null : call
}

/** With what came since the last call at its end; put in order where it has grown too long. */
const grown = (window: Window, events: readonly Event[], end: number, redact: Redact): Window => {
  const { parts, read } = once(partsOf(events, window.count, end, redact), window.read)
  const text = [...(window.text === '' ? [] : [window.text]), ...parts.map((one) => one.text)].join('\n\n')
  const tokens = text.length <= window.most ? null : (window.tokens ?? tokensIn(window.text)) + tokensOf(parts)
  if (tokens !== null && tokens > window.most) return inOrder(events, end, window.base, redact)
  const { length } = window.text
  const ends = length === 0 || length === text.length ? window.ends : [...window.ends, length]
  return { ...window, count: end, text, ends, tokens, read }
}

const inOrder = (events: readonly Event[], end: number, base: number, redact: Redact): Window => {
  const { parts, read } = once(partsOf(events, 0, end, redact), new Map())
  const kept = withinBudget(parts, (event) => partOf(event, events, redact, CUT_WORDS))
  const left = new Set(kept.map(({ text }) => text))
  const text = kept.map((one) => one.text).join('\n\n')
  const tokens = text.length <= TARGET ? null : tokensOf(kept)
  return {
    base,
    count: end,
    text,
    ends: [],
    tokens,
    // Where what may not give way is more than all that there may be, it still grows for a while.
    most: Math.max(MOST, (tokens ?? 0) + TARGET),
    // What gave way is not known any more: looked up again, it is shown again.
    read: new Map([...read].filter(([, text]) => left.has(text))),
  }
}

const tokensOf = (parts: readonly Part[]): number => parts.reduce((sum, { tokens }) => sum + tokens, 0)

const partsOf = (events: readonly Event[], from: number, end: number, redact: Redact): Part[] => {
  const seen = events.slice(0, end)
  const gone = voided(seen, from)
  const newest = seen.findLastIndex(isWords)
  return seen.slice(from).flatMap((event, i) => {
    const at = from + i
    // What code waits out by itself is no news to the model: an outage would fill its window.
    if (gone.has(event.seq) || mayPass(event) || wakesFromOutage(event, seen[at - 1])) return []
    return partOf(event, seen, redact, at === newest ? NEWEST_WORDS : OLD_WORDS) ?? []
  })
}

const wakesFromOutage = ({ type }: Event, previous: Event | undefined): boolean =>
  type === 'slept' && previous !== undefined && mayPass(previous)
