import { answer } from './answer.ts'
import { cancel, launch, message } from './ask.ts'
import { childEnded, childLaunched, childStopped, parentTold } from './child.ts'
import { claim } from './claim.ts'
import { nameContacts, tellsNobody } from './contact/name.ts'
import { contacted } from './contact/told.ts'
import { escalation } from './escalate.ts'
import type { NewEvent } from './event.ts'
import { evolve, fold } from './evolve.ts'
import { dispatchAnswered, rerun, runCancelRequested, runSeen } from './follow.ts'
import { gateClosed, gateGone } from './gate/answer.ts'
import { gateTurn } from './gate/turn.ts'
import type { Input, Launch } from './input.ts'
import { Refused } from './input.ts'
import { link, linkTurn } from './link.ts'
import { lock, unlock } from './lock.ts'
import { prepared } from './propose.ts'
import { redacted } from './redacted.ts'
import { handedOn, merged } from './release/merge.ts'
import { releaseTurn } from './release/turn.ts'
import type { Rules } from './rules.ts'
import { factsFailed, factsFetched, modelFailed, stepSelected, toolFailed, toolReturned } from './select.ts'
import type { ThreadState } from './state.ts'
import { laneSeen } from './turn.ts'
import { timer } from './wake.ts'

/** An input and the database's time when it came. */
export type At<I> = I & { at: string }

/**
 * What happens because of `input`: the facts to append, none where it changes nothing.
 * Throws Refused, and nothing else, where it may not be.
 */
export const decide = (input: At<Input>, state: ThreadState | null, rules: Rules): NewEvent[] =>
  decided(redacted(input, rules.policy), state, rules)

const decided = (input: At<Input>, state: ThreadState | null, rules: Rules): NewEvent[] => {
  if (state === null) {
    if (input.type === 'launch') return begin(input, rules)
    if (input.type === 'lock') return lock(input, rules)
    if (input.type === 'link') return named(link(input, rules), input.at, rules)
    throw new Refused('unknown_thread', 'there is no such thread')
  }
  const events = consider(input, state, rules)
  return events.length === 0 ? events : whole(events, state, input.at, rules)
}

/** With what plain code adds, and who is to hear of it. */
const whole = (events: NewEvent[], state: ThreadState, at: string, rules: Rules): NewEvent[] => {
  const all = complete(events, preview(state, events, at), at, rules)
  if (tellsNobody(state, rules)) return all
  return [...all, ...nameContacts(place(all, state.id, state.version, at), preview(state, all, at), at, rules)]
}

const begin = (input: At<Launch>, rules: Rules): NewEvent[] => {
  const events = launch(input)
  const state = fold(place(events, '', 0, input.at))
  if (state === null) return events
  return named(complete(events, state, input.at, rules), input.at, rules)
}

/** With who is to hear of a thread that begins. */
const named = (all: NewEvent[], at: string, rules: Rules): NewEvent[] => {
  const placed = place(all, '', 0, at)
  const state = fold(placed)
  return state === null || tellsNobody(state, rules) ? all : [...all, ...nameContacts(placed, state, at, rules)]
}

/** What plain code adds at once: a person is asked where it goes wrong too often, and what code works on goes on. */
const complete = (events: NewEvent[], state: ThreadState, at: string, rules: Rules): NewEvent[] => {
  const asked = escalation(state, rules)
  if (asked.length > 0) return [...events, ...asked]
  const turn = [...releaseTurn(state, rules.policy), ...gateTurn(state), ...linkTurn(state)]
  return turn.length === 0 ? events : complete([...events, ...turn], preview(state, turn, at), at, rules)
}

const consider = (input: At<Input>, state: ThreadState, rules: Rules): NewEvent[] => {
  switch (input.type) {
    case 'launch':
    case 'lock':
    case 'link':
      throw new Refused('already_launched', 'this thread was launched before')
    case 'message':
      return message(input, state)
    case 'respond':
      return answer(input, state, rules)
    case 'cancel':
      return cancel(input, state)
    case 'unlock':
      return unlock(input, state, rules)
    case 'facts_fetched':
      return factsFetched(input, state, rules)
    case 'facts_failed':
      return factsFailed(input, state)
    case 'step_selected':
      return stepSelected(input, state, rules)
    case 'model_failed':
      return modelFailed(input, state)
    case 'tool_returned':
      return toolReturned(input, state, rules)
    case 'tool_failed':
      return toolFailed(input, state)
    case 'prepared':
      return prepared(input, state, rules)
    case 'lane_seen':
      return laneSeen(input, state, rules)
    case 'contacted':
      return contacted(input, state)
    case 'timer':
      return timer(input.at, state, rules)
    case 'claim':
    case 'rerun':
    case 'dispatch_accepted':
    case 'dispatch_refused':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
    case 'run_seen':
    case 'run_unreadable':
    case 'run_cancel_requested':
    case 'gate_closed':
    case 'gate_gone':
      return fromRuns(input, state)
    default:
      return fromThreads(input, state)
  }
}

type FromRuns = Extract<
  Input,
  { dispatch_id: string } | { type: 'run_cancel_requested' | 'claim' | 'rerun' | 'gate_closed' | 'gate_gone' }
>

const fromRuns = (input: At<FromRuns>, state: ThreadState): NewEvent[] => {
  switch (input.type) {
    case 'claim':
      return claim(input, state)
    case 'rerun':
      return rerun(input, state)
    case 'dispatch_accepted':
    case 'dispatch_refused':
    case 'dispatch_deferred':
    case 'dispatch_unclear':
      return dispatchAnswered(input, state)
    case 'run_seen':
      return runSeen(input, state)
    case 'run_unreadable':
      // Looked at again soon; `run_seen` decides when a person must look.
      return []
    case 'run_cancel_requested':
      return runCancelRequested(input, state)
    case 'gate_closed':
      return gateClosed(input, state)
    case 'gate_gone':
      return gateGone(state)
  }
}

type FromThreads = Extract<
  Input,
  { type: 'merged' | 'child_ended' | 'child_launched' | 'child_stopped' | 'parent_told' | 'merges_handed_on' }
>

const fromThreads = (input: At<FromThreads>, state: ThreadState): NewEvent[] => {
  switch (input.type) {
    case 'merged':
      return merged(input, state)
    case 'child_ended':
      return childEnded(input, state)
    case 'child_launched':
      return childLaunched(input, state)
    case 'child_stopped':
      return childStopped(input, state)
    case 'parent_told':
      return parentTold(input, state)
    case 'merges_handed_on':
      return handedOn(input, state)
  }
}

/** The state that these events will lead to. */
const preview = (state: ThreadState, events: NewEvent[], at: string): ThreadState =>
  place(events, state.id, state.version, at).reduce<ThreadState>(evolve, state)

/** Gives facts their place in a log of `version` events. */
export const place = (events: NewEvent[], thread_id: string, version: number, at: string) =>
  events.map((event, i) => ({ ...event, thread_id, seq: version + 1 + i, at }))
