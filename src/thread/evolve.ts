import { closing } from './closing.ts'
import { contactsAfter, nobodyTold } from './contact/posts.ts'
import { effortsAfter, NO_EFFORT } from './effort.ts'
import { endedRuns } from './ended-runs.ts'
import { callIn, type Event, type EventOf, isFound, isResult } from './event.ts'
import { gateAfter } from './gate/gate.ts'
import { type Known, knownOf } from './known.ts'
import { linkAfter } from './link.ts'
import { locksAfter } from './lock.ts'
import { mayPass, outageAfter } from './outage.ts'
import { aimAfter } from './place.ts'
import { releaseAfter, startOf } from './release/release.ts'
import { situate } from './situate.ts'
import { isStep } from './situate-step.ts'
import { Unreadable } from './situation.ts'
import type { ThreadState } from './state.ts'

/** The state after one more event. Throws Unreadable for a log that cannot have happened. */
export const evolve = (state: ThreadState | null, event: Event): ThreadState => {
  if (state === null) return born(event)
  if (event.seq !== state.version + 1) throw new Unreadable(`event ${event.seq} follows ${state.version}`)
  const situation = situate(state, event)
  const after = situation === state ? { ...state } : Object.assign(knownOf(state), situation)
  learn(after, state, event)
  return after
}

/** Folds a log, or more of it. Null: no events, no thread. */
export const fold = (events: readonly Event[], from: ThreadState | null = null): ThreadState | null =>
  events.reduce<ThreadState | null>(evolve, from)

const born = (event: Event): ThreadState => {
  if (event.type !== 'thread_launched' || event.seq !== 1)
    throw new Unreadable(`a thread cannot begin with ${event.type}`)
  return {
    id: event.thread_id,
    agent: event.data.agent,
    title: event.data.title,
    version: event.seq,
    launched_by: event.actor,
    reply_to: event.data.reply_to ?? null,
    forked_from: null,
    parent: event.data.parent ?? null,
    created_at: event.at,
    updated_at: event.at,
    requesters: withAsker([], event),
    last_words: event.seq,
    facts_stale: true,
    model_calls: 0,
    dispatches: 0,
    errors_in_a_row: 0,
    last_error: '',
    outage: null,
    escalations: 0,
    over_limit: false,
    closed: {},
    ended_runs: {},
    contacts: nobodyTold(event.seq),
    parent_told: 0,
    results: [],
    efforts: [NO_EFFORT],
    release: event.data.agent === 'release' ? startOf() : null,
    locks: [],
    aim: null,
    gate: null,
    link: null,
    status: 'running',
    pending: null,
  }
}

/** Writes what is known over a copy: each spread of the thirty fields costs more than all that is worked out here. */
const learn = (after: ThreadState, state: ThreadState, event: Event): void => {
  after.version = event.seq
  after.updated_at = event.at
  after.closed = closing(state, event)
  after.contacts = contactsAfter(state, event, after.closed)
  after.ended_runs = endedRuns(state, event)
  after.efforts = effortsAfter(state, event)
  after.outage = outageAfter(state, event)
  after.aim = aimAfter(state.aim, event)
  after.release = state.release && releaseAfter(state.release, event)
  after.locks = locksAfter(state, event)
  if (leads(event)) after.requesters = withAsker(state.requesters, event)
  after.gate = gateAfter(state.gate, event)
  after.link = linkAfter(state.link, event)
  Object.assign(after, counted(state, event), told(state, event))
}

/** What this very event says. */
const told = (state: ThreadState, event: Event): Partial<Known> => {
  if (isFound(event)) return found(state)
  if (isResult(event)) {
    // A success says itself what is live now. After anything else that is looked up.
    const facts_stale = state.facts_stale || event.data.status !== 'success'
    return { errors_in_a_row: 0, facts_stale, results: [...state.results, event.data] }
  }
  switch (event.type) {
    case 'message':
      return words(event)
    case 'human_response':
      return { ...words(event), ...granted(state) }
    case 'approval_denied':
      return words(event)
    case 'approval_expired':
    case 'run_restarted':
      return { facts_stale: true }
    case 'slept':
      // Between two tries nothing is read again: through an outage of the model that would fill the log with facts.
      return { facts_stale: state.facts_stale || state.outage === null }
    case 'forked':
      return copied(event)
    case 'approval_requested':
      return { errors_in_a_row: 0 }
    case 'tool_started':
      return { dispatches: state.dispatches + 1 }
    case 'dispatch_deferred':
      return { dispatches: state.dispatches - 1 }
    case 'escalated':
      return { escalations: state.escalations + 1 }
    case 'parent_told':
      return { parent_told: event.data.to }
    default:
      return {}
  }
}

const counted = ({ model_calls, errors_in_a_row }: Known, event: Event) => {
  if (mayPass(event)) return {}
  const call = callIn(event) ? 1 : 0
  const calls = { model_calls: model_calls + call }
  if (event.type !== 'error') return calls
  return { ...calls, errors_in_a_row: errors_in_a_row + 1, last_error: event.data.message }
}

/** Words, a copy, a step that a person edited: it was they who led here. */
const leads = (event: Event): boolean => event.type === 'message' || event.type === 'forked' || isStep(event)

const words = (event: Event) => ({ last_words: event.seq, facts_stale: true, errors_in_a_row: 0 })

/** A copy is a thread of its own: nobody elsewhere is told of it. */
const copied = ({ at, data }: EventOf<'forked'>) => ({
  facts_stale: true,
  forked_from: data.from,
  created_at: at,
  reply_to: null,
  parent: null,
})

/** A step's result ends a row of errors. Results that no step asked for are the facts that code fetches beforehand. */
const found = (state: ThreadState): Partial<Known> => {
  if (state.status !== 'running') return {}
  return state.pending === null ? { facts_stale: false } : { errors_in_a_row: 0 }
}

/** A person who answers an escalation grants another budget. */
const granted = (state: ThreadState) => {
  if (state.status !== 'awaiting_human') return {}
  if (state.question.reason === 'model_call_limit') return { model_calls: 0 }
  if (state.question.reason === 'dispatch_limit') return { dispatches: 0 }
  if (state.question.reason === 'spend_limit') return { over_limit: true }
  return {}
}

/** A caller too: by an address that nobody vouches for a person may ask who must not approve what they asked for. */
const withAsker = (askers: string[], { actor }: Event): string[] =>
  (actor.kind === 'person' || actor.kind === 'caller') && !askers.includes(actor.id) ? [...askers, actor.id] : askers
