import type { Actor } from '../../thread/event.ts'
import type { Policy } from '../../thread/policy.ts'
import type { AppDeps } from '../deps.ts'
import { whoSays } from '../linked.ts'
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
export const writerOf = async (mail: Mail, deps: Pick<AppDeps, 'policy' | 'listing' | 'log'>): Promise<Actor> =>
  mail.from !== null && isVouched(mail, deps.policy.email?.authserv_id)
    ? whoSays({ email: mail.from }, 'email', deps)
    : { kind: 'caller', id: mail.from ?? 'unknown', via: 'email' }

/** Who, in a mail of nothing else (`link lead`), somebody says that they are; null: no such mail, or nobody vouches for its sender. */
export const claimIn = (mail: Mail, words: string, { email }: Policy): string | null =>
  isVouched(mail, email?.authserv_id) ? (CLAIM.exec(words || mail.subject)?.[1]?.toLowerCase() ?? null) : null

const CLAIM = /^link ([a-z][a-z0-9_-]{0,39})$/i
