import type { PersonPolicy, Policy } from '../policy.ts'
import { type Address, keyOf } from './address.ts'
import type { Personal } from './ladder.ts'

/** The way to this person by this channel; null: there is none. */
export const addressOf = ({ slack, email, phone }: PersonPolicy, way: Personal): Address | null => {
  switch (way) {
    case 'slack':
      return slack === undefined ? null : inSlack(slack)
    case 'email':
      return email === undefined ? null : { email: { to: email } }
    case 'sms':
      return phone === undefined ? null : { sms: phone }
  }
}

/** The address of this name that the team's rules know, of a person or of who hears news; null: they know none. */
export const addressIn = ({ people, notify = [] }: Policy, way: Personal, given: string): Address | null => {
  const wanted = addressOf({ slack: given, email: given, phone: given }, way)
  const known = [
    ...Object.values(people).map((person) => addressOf(person, way)),
    ...notify.map(({ address }) => address),
  ]
  return known.find((address) => address !== null && wanted !== null && keyOf(address) === keyOf(wanted)) ?? null
}

const inSlack = (name: string): Address | null => {
  const [team, channel, more] = name.split('/')
  return team && channel && more === undefined ? { slack: { team, channel } } : null
}
