import { actorFor } from '../thread/contact/who.ts'
import type { Actor, LinkedIdentity } from '../thread/event.ts'
import { fold } from '../thread/evolve.ts'
import { identityKey } from '../thread/link.ts'
import type { AppDeps } from './deps.ts'

type Deps = Pick<AppDeps, 'policy' | 'listing' | 'log'>

/** Who this is: a person of deploybot.yaml, or one who has confirmed that this is them too (thread/link.ts), or a stranger. */
export const whoSays = async (
  identity: LinkedIdentity,
  via: string,
  { policy, listing, log }: Deps,
): Promise<Actor> => {
  const actor = actorFor(identity, via, policy)
  if (actor.kind === 'person') return actor
  const key = identityKey(identity)
  const thread = await listing.threadAt(key)
  const link = thread === null ? null : fold((await log.load(thread)).events)?.link
  const known = link?.linked && identityKey(link.identity) === key && Object.hasOwn(policy.people, link.person)
  return known ? { kind: 'person', id: link.person, via } : actor
}
