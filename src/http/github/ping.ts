import Type from 'typebox'
import { Value } from 'typebox/value'
import type { Policy } from '../../thread/policy.ts'
import { ourRepository, repositoriesOf } from '../../thread/repositories.ts'
import { EVENTS } from './events.ts'
import type { Listener } from './heard.ts'

const Ping = Type.Object({
  hook: Type.Object({ events: Type.Array(Type.String({ maxLength: 80 }), { maxItems: 200 }) }),
  repository: Type.Optional(Type.Object({ full_name: Type.String() })),
})

/** The first delivery of a new webhook. The answer, which GitHub shows, says whether it is set up as it should be. */
export const ping: Listener = async (heard, { policy }) => {
  const hook = Value.Check(Ping, heard.payload) ? heard.payload : null
  const message = hook === null ? 'the secret fits' : setUp(hook.hook.events, policy, hook.repository)
  heard.log.info({ delivery_id: heard.delivery, message }, 'github webhook set up')
  return { ok: true, message }
}

const setUp = (events: string[], policy: Policy, theirs?: { full_name: string }): string => {
  const missing = events.includes('*') ? [] : EVENTS.filter((event) => !events.includes(event))
  const other = theirs !== undefined && ourRepository(theirs.full_name, policy) === null
  const ours = repositoriesOf(policy).join(', ')
  const parts = [
    'the secret fits',
    missing.length === 0 ? 'all events are sent' : `not sent, so learnt later or not at all: ${missing.join(', ')}`,
    ...(other ? [`but deploybot.yaml names ${ours}, and all that concerns another repository is ignored`] : []),
  ]
  return parts.join('; ')
}
