import type { Actor, Commit } from '../event.ts'
import type { Policy } from '../policy.ts'

/** By what somebody is known on a channel: what that channel vouches for. A name that is displayed is none of these. */
export type Identity = { [By in 'github' | 'slack' | 'email' | 'phone']?: string | null | undefined }

/** The person of deploybot.yaml who this is; null: a stranger. */
export const whoIs = (identity: Identity, { people }: Pick<Policy, 'people'>): string | null =>
  Object.entries(people).find(([, person]) => KNOWN_BY.some((by) => same(person[by], identity[by])))?.[0] ?? null

const KNOWN_BY = ['github', 'slack', 'email', 'phone'] as const

const same = (known: string | undefined, given: string | null | undefined): boolean =>
  known !== undefined && Boolean(given) && known.toLowerCase() === given?.toLowerCase()

/** A person, or a stranger whose words are heard and who decides nothing. */
export const actorFor = (identity: Identity, via: string, policy: Pick<Policy, 'people'>): Actor => {
  const id = whoIs(identity, policy)
  if (id !== null) return { kind: 'person', id, via }
  const { slack, email, phone, github } = identity
  return { kind: 'caller', id: email || slack || phone || github || 'unknown', via }
}

/** Whether whoever is known by this name or address is that person, as far as one can tell. */
export const isPerson = (asker: string, person: string, policy: Pick<Policy, 'people'>): boolean =>
  asker === person || whoIs({ slack: asker, email: asker, phone: asker, github: asker }, policy) === person

/** Who of deploybot.yaml wrote these commits. */
export const authorsOf = (commits: readonly Commit[], policy: Pick<Policy, 'people'>): (string | null)[] =>
  commits.map(({ author_login }) => whoIs({ github: author_login }, policy))
