import { actorFor } from '../../thread/contact/who.ts'
import type { Actor } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'
import { isVouched } from './authentication.ts'
import type { Mail } from './mail.ts'

/** People of deploybot.yaml, and whom `email.allow` names. */
export const isAllowed = (from: string | null, { people, email }: Policy): boolean => {
  if (from === null) return false
  const known = Object.values(people).some((person) => person.email?.toLowerCase() === from)
  const named = (email?.allow ?? []).map((one) => one.toLowerCase())
  return known || named.some((one) => (one.startsWith('@') ? from.endsWith(one) : from === one))
}

/** Anybody can write anybody's address into a mail: a person it is only where their domain vouches for it. */
export const writerOf = (mail: Mail, policy: Policy): Actor =>
  isVouched(mail, policy.email?.authserv_id)
    ? actorFor({ email: mail.from }, 'email', policy)
    : { kind: 'caller', id: mail.from ?? 'unknown', via: 'email' }
