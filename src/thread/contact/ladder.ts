import type { Contact } from '../event.ts'
import type { PersonPolicy, Policy } from '../policy.ts'
import type { Rules } from '../rules.ts'
import { after, reached } from '../time.ts'
import { addDays, localOf, momentOf } from '../zoned.ts'
import { type Address, keyOf } from './address.ts'
import { type Ladder, stepKey } from './posts.ts'
import { addressOf } from './reachable.ts'

/** The ways to one person alone. */
export const PERSONAL = ['slack', 'email', 'sms'] as const
export type Personal = (typeof PERSONAL)[number]

/** A step of the ladder: who is called how, should nobody have answered so long after the question. */
export interface Rung {
  after_seconds: number
  /** Null: each by the first way there is to them. */
  by: Personal[] | null
  /** Without: everybody who may answer. */
  people?: string[]
}

export interface Quiet {
  from: string
  to: string
  tz: string
}

/** At once where they look first, then by mail too, then by all means. */
const USUAL: Rung[] = [
  { after_seconds: 0, by: null },
  { after_seconds: 15 * 60, by: ['slack', 'email'] },
  { after_seconds: 30 * 60, by: ['slack', 'email', 'sms'] },
]

/** A question as the ladder sees it. */
export interface Asking {
  urgency: 'low' | 'medium' | 'high'
  people: string[]
  /** Null: it does not expire. */
  expires_at: string | null
  /** They read where they asked from: they are not called at once. */
  reading: string[]
}

/** How much later (or sooner) than said each step comes. */
const PACE: Record<Asking['urgency'], number> = { low: 2, medium: 1, high: 1 / 3 }

/** Who is to be called by this time and was not, and when the next one is. */
export const callable = (
  asking: Asking,
  ladder: Pick<Ladder, 'asked_at' | 'called'>,
  at: string,
  rules: Rules,
): { contacts: Contact[]; next_at: string | null } => {
  const { expires_at } = asking
  const steps = stepsOf(asking, ladder.asked_at, rules).filter(
    ({ contact, due }) => !ladder.called.includes(stepKey(contact.rung, contact.address)) && before(due, expires_at),
  )
  const now = steps.filter(({ due }) => reached(at, due)).map(({ contact }) => contact)
  const later = steps.filter(({ due }) => !reached(at, due)).map(({ due }) => due)
  return { contacts: once(now), next_at: later.sort().at(0) ?? null }
}

const before = (due: string, expires_at: string | null): boolean => expires_at === null || !reached(due, expires_at)

/** Two steps that fall on one moment, as after a quiet night, are one call to each address. */
const once = (contacts: (Contact & { rung: number })[]): Contact[] =>
  contacts.filter(({ address }, i) => contacts.findLastIndex((other) => keyOf(other.address) === keyOf(address)) === i)

const stepsOf = ({ people, urgency, reading }: Asking, asked_at: string, { policy, ways }: Rules) =>
  (policy.escalation ?? USUAL).flatMap(({ after_seconds, by, people: named }, rung) =>
    (named ?? people).flatMap((person) => {
      if (rung === 0 && reading.includes(person)) return []
      const due = notAtNight(after(asked_at, after_seconds * PACE[urgency]), person, urgency, policy)
      return addressesOf(policy.people[person] ?? {}, by, ways).map((address) => ({
        contact: { address, person, rung },
        due,
      }))
    }),
  )

const addressesOf = (person: PersonPolicy, by: Personal[] | null, ways: readonly string[]): Address[] => {
  const reachable = PERSONAL.filter((way) => ways.includes(way)).flatMap((way) => addressOf(person, way) ?? [])
  if (by === null) return reachable.slice(0, 1)
  return reachable.filter((address) => by.some((way) => way in address))
}

/** What is urgent may wake people; anything else waits until their night is over. */
const notAtNight = (due: string, person: string, urgency: Asking['urgency'], { people }: Policy): string => {
  const quiet = people[person]?.quiet
  return quiet && urgency !== 'high' ? quietEnd(due, quiet) : due
}

/** The end of the quiet hours that this moment lies in; the moment itself where it lies in none. */
export const quietEnd = (at: string, { from, to, tz }: Quiet): string => {
  const moment = Date.parse(at)
  const { date } = localOf(moment, tz)
  for (const day of [addDays(date, -1), date]) {
    const start = momentOf(day, from, tz, 'first')
    const end = momentOf(to <= from ? addDays(day, 1) : day, to, tz, 'last')
    if (start <= moment && moment < end) return new Date(end).toISOString()
  }
  return at
}
