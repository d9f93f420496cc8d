import { PERSONAL } from './contact/ladder.ts'
import type { At } from './decide.ts'
import type { Event, LinkedIdentity, NewEvent } from './event.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import type { Rules } from './rules.ts'
import type { ThreadState } from './state.ts'

const AGENT = 'link'
const code = { kind: 'code' } as const

/** What is known of a thread that asks a person whether somebody is them; folded from its events. */
export interface Link {
  identity: LinkedIdentity
  person: string
  /** What they said; null: nothing yet. */
  confirmed: boolean | null
  linked: boolean
}

export const linkAfter = (link: Link | null, { type, data }: Event): Link | null => {
  switch (type) {
    case 'identity_claimed':
      return { ...data, confirmed: null, linked: false }
    case 'human_response':
      return link && { ...link, confirmed: data.approved === true }
    case 'identity_linked':
      return link && { ...link, linked: true }
    case 'cancelled':
      return link && { ...link, linked: false }
    default:
      return link
  }
}

/** The name by which the thread is found that says who this is. */
export const identityKey = (identity: LinkedIdentity): string =>
  'slack' in identity ? `is:slack:${identity.slack}` : `is:email:${identity.email.toLowerCase()}`

/** The account or the address, as people write it. */
export const nameOf = (identity: LinkedIdentity): string => ('slack' in identity ? identity.slack : identity.email)

const questionAbout = (identity: LinkedIdentity): string =>
  'slack' in identity
    ? `Somebody at Slack (${identity.slack}) says that they are you. Are they? A yes lets them approve in your name.`
    : `Somebody who writes mail from ${identity.email} says that they are you. Are they? A yes lets them speak in your name.`

/**
 * Asks the person, where they are known already, whether that is them. Nobody is believed on their own word: until then what they write are
 * the words of a stranger.
 */
export const link = ({ identity, person, actor }: At<Extract<Request, { type: 'link' }>>, rules: Rules): NewEvent[] => {
  const known = Object.hasOwn(rules.policy.people, person) ? rules.policy.people[person] : undefined
  if (!known) throw new Refused('unknown_person', `there is no ${person} among the people of deploybot.yaml`)
  const reachable = { slack: known.slack, email: known.email, sms: known.phone }
  if (!PERSONAL.some((way) => rules.ways.includes(way) && reachable[way] !== undefined)) {
    throw new Refused('nobody_to_confirm', `${person} cannot be reached on any channel where they are known already`)
  }
  const question = questionAbout(identity)
  const options = { urgency: 'medium', format: 'yes_no', choices: [] } as const
  return [
    { type: 'thread_launched', data: { agent: AGENT, title: `link ${nameOf(identity)} to ${person}` }, actor },
    { type: 'identity_claimed', data: { identity, person }, actor },
    {
      type: 'request_human_input',
      data: { intent: 'request_human_input', question, context: '', options: { ...options, choices: [] } },
      actor: code,
    },
  ]
}

/** What comes of the answer, by plain code. */
export const linkTurn = ({ link, status }: ThreadState): NewEvent[] => {
  if (!link || status !== 'running' || link.confirmed === null) return []
  const { identity, person, confirmed, linked } = link
  const message = confirmed
    ? `${nameOf(identity)} is ${person} from now on; cancel this thread to take it back`
    : `${nameOf(identity)} is not ${person}`
  const done: NewEvent = { type: 'done_for_now', data: { intent: 'done_for_now', message }, actor: code }
  return confirmed && !linked ? [{ type: 'identity_linked', data: { identity, person }, actor: code }, done] : [done]
}

/** Only they can say who they are. */
export const refuseOthers = ({ link }: ThreadState, by: string | null): void => {
  if (link && by !== link.person) throw new Refused('not_yours_to_answer', `only ${link.person} can say that`)
}
