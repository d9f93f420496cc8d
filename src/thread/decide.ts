import { launch } from './ask.ts'
import { consider } from './consider.ts'
import { nameContacts, tellsNobody } from './contact/name.ts'
import { escalation } from './escalate.ts'
import type { Event, NewEvent } from './event.ts'
import { evolve, fold } from './evolve.ts'
import { gateTurn } from './gate/turn.ts'
import type { Input } from './input.ts'
import { Refused } from './input.ts'
import { link, linkTurn } from './link.ts'
import { lock } from './lock.ts'
import { redacted } from './redacted.ts'
import { releaseTurn } from './release/turn.ts'
import type { Rules } from './rules.ts'
import type { ThreadState } from './state.ts'

/** An input and the database's time when it came. */
export type At<I> = I & { at: string }

/** What is to follow on a state, each with its place in the log, and the state that it leads to. */
export interface Next {
  events: Event[]
  state: ThreadState
}

/**
 * What happens because of `input`: the facts to append, none where it changes nothing.
 * Throws Refused, and nothing else, where it may not be.
 */
export const decide = (input: At<Input>, state: ThreadState | null, rules: Rules): NewEvent[] =>
  state === null ? born(redacted(input, rules.policy), rules) : proceed(input, state, rules).events.map(unplaced)

/** The same for a thread that there is, ready to be appended. */
export const proceed = (input: At<Input>, state: ThreadState, rules: Rules): Next => {
  const events = consider(redacted(input, rules.policy), state, rules)
  if (events.length === 0) return { events: [], state }
  return named(complete(followed({ events: [], state }, events, input.at), input.at, rules), input.at, rules)
}

const born = (input: At<Input>, rules: Rules): NewEvent[] => {
  if (input.type === 'launch')
    return first(launch(input), input.at, (next) => named(complete(next, input.at, rules), input.at, rules))
  if (input.type === 'lock') return lock(input, rules)
  if (input.type === 'link') return first(link(input, rules), input.at, (next) => named(next, input.at, rules))
  throw new Refused('unknown_thread', 'there is no such thread')
}

/** What a thread begins with: it has no id yet, and so nothing of it is placed. */
const first = (events: NewEvent[], at: string, more: (next: Next) => Next): NewEvent[] => {
  const placed = place(events, '', 0, at)
  const state = fold(placed)
  return state === null
    ? events
    : [...events, ...more({ events: placed, state }).events.slice(events.length).map(unplaced)]
}

/** What plain code adds at once: a person is asked where it goes wrong too often, and what code works on goes on. */
const complete = (next: Next, at: string, rules: Rules): Next => {
  const asked = escalation(next.state, rules)
  if (asked.length > 0) return followed(next, asked, at)
  const turn = [...releaseTurn(next.state, rules.policy), ...gateTurn(next.state), ...linkTurn(next.state)]
  return turn.length === 0 ? next : complete(followed(next, turn, at), at, rules)
}

/** With who is to hear of it. */
const named = (next: Next, at: string, rules: Rules): Next =>
  tellsNobody(next.state, rules) ? next : followed(next, nameContacts(next.events, next.state, at, rules), at)

const followed = ({ events, state }: Next, more: NewEvent[], at: string): Next => {
  const placed = place(more, state.id, state.version, at)
  return { events: [...events, ...placed], state: placed.reduce<ThreadState>(evolve, state) }
}

const unplaced = ({ type, data, actor }: Event): NewEvent => ({ type, data, actor }) as NewEvent

/** Gives facts their place in a log of `version` events. */
export const place = (events: NewEvent[], thread_id: string, version: number, at: string): Event[] =>
  events.map((event, i) => ({ ...event, thread_id, seq: version + 1 + i, at }))
