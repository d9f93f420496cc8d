import type { Contact, Event, NewEvent } from '../event.ts'
import { isLock } from '../lock.ts'
import { approversOf, type Policy } from '../policy.ts'
import type { Rules } from '../rules.ts'
import { openQuestion, type ThreadState } from '../state.ts'
import { reached } from '../time.ts'
import { keyOf, wayOf } from './address.ts'
import { type Asking, callable, PERSONAL } from './ladder.ts'
import { listeners } from './notify.ts'
import { isPerson } from './who.ts'

/** Whether anybody is ever told anything beside whoever asked. */
export const tellsNobody = ({ release }: ThreadState, { ways, policy: { notify = [] } }: Rules): boolean =>
  release === null && ways.length === 0 && notify.length === 0

/** Says who is to hear of these events, which have led to `state`: by name, in the log, so that a later change of rules changes nothing told. */
export const nameContacts = (events: readonly Event[], state: ThreadState, at: string, rules: Rules): NewEvent[] => {
  if (isLock(state)) return []
  const question = openQuestion(state)
  return events.flatMap((event): NewEvent[] => {
    const heard = [...listeners(event, state, rules.policy), ...summary(event, state, rules.policy)]
    if (event.seq !== question) return named(event.seq, heard, null)
    const { contacts, next_at } = callable(askingOf(state, rules), { asked_at: at, called: [] }, at, rules)
    return named(event.seq, [...contacts, ...heard], next_at)
  })
}

// GitHub lets an App write some 80 comments a minute.
const MOST_PULLS = 30

/** How a release ended is told on each pull request that it shipped; the one that began it is where it is told of anyway. */
const summary = ({ type }: Event, { release, reply_to }: ThreadState, { repository }: Policy): Contact[] => {
  if (type !== 'release_finished' || !release?.plan || !reply_to) return []
  const { pull_requests } = release.plan
  return release.merged
    .filter(({ number }) => pull_requests.includes(number))
    .map((pull) => ({ pull_request: pull.number, repository: pull.repository ?? repository }))
    .filter((address) => keyOf(address) !== keyOf(reply_to))
    .slice(0, MOST_PULLS)
    .map((address) => ({ address, person: null }))
}

/** The next step of the ladder, when its time has come and nobody has answered. */
export const climb = (at: string, state: ThreadState, rules: Rules): NewEvent[] => {
  const { ladder } = state.contacts
  if (ladder === null || ladder.to !== openQuestion(state) || !ladder.next_at || !reached(at, ladder.next_at)) return []
  const { contacts, next_at } = callable(askingOf(state, rules), ladder, at, rules)
  // Rules that changed meanwhile may know of no further step; that there is none is a fact too.
  return [{ type: 'contacts_named', data: { to: ladder.to, contacts, next_at }, actor: { kind: 'code' } }]
}

/** When the ladder's next step is due; null: there is none, or nothing is asked. */
export const climbAt = (state: ThreadState): string | null => {
  const { ladder } = state.contacts
  return ladder !== null && ladder.to === openQuestion(state) ? ladder.next_at : null
}

const named = (to: number, contacts: Contact[], next_at: string | null): NewEvent[] =>
  contacts.length === 0 && next_at === null
    ? []
    : [{ type: 'contacts_named', data: { to, contacts, next_at }, actor: { kind: 'code' } }]

/** Who can answer, by when, and how much it presses. */
const askingOf = (state: ThreadState, rules: Rules): Asking => {
  const reading = readersOf(state)
  if (state.status === 'awaiting_approval') {
    const { approvers, break_glass = [], self_approval, expires_at, authors = [] } = state.request
    const done = [...state.approvals.map(({ by }) => by), ...authors]
    const asked = self_approval ? [] : state.requesters
    const people = [...new Set([...approvers, ...break_glass])].filter(
      (person) => !done.includes(person) && !asked.some((asker) => isPerson(asker, person, rules.policy)),
    )
    return { urgency: 'medium', people, expires_at, reading }
  }
  if (state.status !== 'awaiting_human') return { urgency: 'low', people: [], expires_at: null, reading }
  const { options, run } = state.question
  if (state.link) return { urgency: options.urgency, people: [state.link.person], expires_at: null, reading }
  const people = run ? approversOf(run.proposal.environment, rules.policy) : state.requesters
  return { urgency: options.urgency, people, expires_at: null, reading }
}

/** Whoever asked from where we answer them sees the question there; who had others answered sees nothing. */
const readersOf = ({ reply_to, launched_by }: ThreadState): string[] => {
  const way = reply_to && PERSONAL.find((one) => one === wayOf(reply_to))
  return way && launched_by.kind === 'person' && launched_by.via === way ? [launched_by.id] : []
}
