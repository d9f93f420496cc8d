import type { FastifyRequest } from 'fastify'
import { type Address, keyOf } from '../thread/contact/address.ts'
import { PERSONAL, type Personal } from '../thread/contact/ladder.ts'
import { addressIn, addressOf } from '../thread/contact/reachable.ts'
import { refusalOf } from '../thread/contact/webhook-url.ts'
import { fold } from '../thread/evolve.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'
import type { ReplyTo } from './schemas/requests.ts'
import { eventsOf } from './threads.ts'

/** Threads that tell a thread that tells a thread …: each of them costs the next one a call of the model. */
const DEEPEST = 3

type Deps = Pick<AppDeps, 'log' | 'humanWebhookSecrets' | 'webhookPrivateHosts' | 'humanLayer' | 'ways' | 'policy'>

/** Where whoever launches wants to hear of it. What cannot work, or is not theirs to ask for, is refused at once. */
export const replyTo = async (given: ReplyTo, request: FastifyRequest, deps: Deps): Promise<Address> => {
  const { webhook, thread, humanlayer } = given
  if (webhook !== undefined) return toProgram(webhook, deps)
  if (thread !== undefined) return toThread(thread, request, deps)
  const personal = PERSONAL.find((way) => given[way] !== undefined)
  if (personal !== undefined) return toPerson(personal, given[personal] ?? '', request, deps)
  return toService(humanlayer ?? {}, request, deps)
}

const SETTING: Record<Personal, string> = { slack: 'SLACK_BOT_TOKEN', email: 'SMTP_URL', sms: 'TWILIO_ACCOUNT_SID' }

/** Whoever may launch could else have us write to anybody: only where deploybot.yaml reaches people or tells of news. */
const toPerson = (way: Personal, given: string, request: FastifyRequest, { ways, policy }: Deps): Address => {
  if (!ways.includes(way)) {
    throw new Problem(422, 'reply_to_unavailable', `reply_to.${way} needs ${SETTING[way]}, which is not set here`)
  }
  const found = addressIn(policy, way, given)
  if (found && way === 'sms') refuseWaking(found, request, policy)
  if (found) return found
  const named = 'names nobody and no channel of deploybot.yaml (people, notify), and nobody else is written to'
  throw new Problem(422, 'bad_reply_to', `reply_to.${way} ${named}`)
}

/** An SMS costs money and keeps no quiet hours: to a phone that is not the caller's own only operators send us. */
const refuseWaking = (phone: Address, { actor, scopes }: FastifyRequest, { people }: Deps['policy']): void => {
  const own = actor.kind === 'person' ? addressOf(people[actor.id] ?? {}, 'sms') : null
  if (scopes.includes('operate') || (own && keyOf(own) === keyOf(phone))) return
  throw new Problem(403, 'missing_scope', "reply_to.sms to somebody else's phone needs the scope operate")
}

/** What can be known before anything is sent; where a name leads is looked at when it is. */
const toProgram = (webhook: string, { humanWebhookSecrets, webhookPrivateHosts }: Deps): Address => {
  if (humanWebhookSecrets.length === 0) {
    throw new Problem(422, 'reply_to_unavailable', 'reply_to needs HUMAN_WEBHOOK_SECRET, which is not set here')
  }
  const refusal = refusalOf(webhook, webhookPrivateHosts)
  if (refusal !== null) throw new Problem(422, 'bad_reply_to', `reply_to.webhook: ${refusal}`)
  return { webhook }
}

/**
 * A job may not speak where it may not read: not in threads at all. Only what never changes is looked at, so that a request that comes again
 * is answered as before; a thread that has ended says so when it is told.
 */
const toThread = async (thread: string, { job }: FastifyRequest, { log }: Deps): Promise<Address> => {
  if (job !== null) throw new Problem(403, 'not_for_jobs', 'a job may name a webhook, and no thread')
  let state = fold(await eventsOf(log, thread))
  for (let depth = 1; state?.reply_to && 'thread' in state.reply_to; depth++) {
    if (depth === DEEPEST) throw new Problem(422, 'bad_reply_to', `more than ${DEEPEST} threads would tell each other`)
    state = fold(await eventsOf(log, state.reply_to.thread))
  }
  return { thread }
}

/** Whom that service calls or writes to is for operators to say; without a channel it is for the service. */
const toService = (given: NonNullable<ReplyTo['humanlayer']>, { scopes }: FastifyRequest, deps: Deps): Address => {
  if (!deps.humanLayer) throw new Problem(422, 'reply_to_unavailable', 'reply_to.humanlayer needs HUMANLAYER_API_KEY')
  if (given.channel === undefined) return { humanlayer: {} }
  if (scopes.includes('operate')) return { humanlayer: { channel: given.channel } }
  throw new Problem(403, 'missing_scope', 'reply_to.humanlayer.channel needs the scope operate')
}
