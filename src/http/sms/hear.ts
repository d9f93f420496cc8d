import type { FastifyBaseLogger } from 'fastify'
import type { Mutes, TakenOnce } from '../../agent/ports.ts'
import { keyOf } from '../../thread/contact/address.ts'
import { actorFor, whoIs } from '../../thread/contact/who.ts'
import { Refused } from '../../thread/input.ts'
import type { AppDeps } from '../deps.ts'
import { told } from '../github/heard.ts'
import { sha256 } from '../once.ts'
import type { Form } from './form.ts'
import { keywordIn } from './keywords.ts'

/** What is needed to hear SMS: Twilio's token signs them. */
export interface SmsIn {
  authToken: string
  mutes: Mutes
}

type Deps = Pick<AppDeps, 'door' | 'listing' | 'policy'> & { smsIn: SmsIn; logger: FastifyBaseLogger }

const WORDS = 2_000
const NUMBER = /^\+[0-9]{6,15}$/

const HELP =
  'Deploybot asks and tells about deployments. Reply with words to add them to the newest thread. STOP ends this.'

/** What an SMS does, and what is answered to it; null: nothing. Words, whoever sent it: no SMS approves anything. */
export const hearSms = async (form: Form, deps: Deps): Promise<string | null> => {
  const { smsIn, logger } = deps
  const [from, sid] = [form.get('From') ?? '', told(form.get('MessageSid') ?? '', 64)]
  if (!NUMBER.test(from) || sid === '') return nothing(logger, sid, 'no number or no MessageSid')
  const words = told(form.get('Body') ?? '', WORDS).trim()
  const keyword = keywordIn(words, await smsIn.mutes.isMuted(from))
  switch (keyword) {
    case 'stop':
    case 'start': {
      const fresh = await smsIn.mutes.set(from, keyword === 'stop', onceFor(sid))
      logger.info({ sid, keyword, fresh }, 'sms keyword')
      return null
    }
    case 'help':
      // With it Twilio says that it has answered by itself.
      return form.has('OptOutType') ? null : HELP
    case null:
      return words === '' ? nothing(logger, sid, 'no words') : speak({ from, sid, words }, deps)
  }
}

interface Spoken {
  from: string
  sid: string
  words: string
}

/** Into the newest thread that told this number; where there is none, or it is over, a person's words launch one. */
const speak = async (spoken: Spoken, deps: Deps): Promise<null> => {
  const { listing, door, policy, logger } = deps
  const { from, sid, words } = spoken
  const actor = actorFor({ phone: from }, 'sms', policy)
  const thread_id = await listing.threadAt(keyOf({ sms: from }))
  if (thread_id !== null) {
    try {
      await door.handle(thread_id, { type: 'message', message: words, actor }, onceFor(sid))
      logger.info({ thread_id, sid }, 'sms heard')
      return null
    } catch (error) {
      if (!(error instanceof Refused)) throw error
      logger.info({ thread_id, sid, code: error.code }, 'sms not for this thread')
    }
  }
  if (whoIs({ phone: from }, policy) === null) return nothing(logger, sid, 'not a number whom we hear')
  const asked = { type: 'launch', agent: 'deploy', message: words, actor, reply_to: { sms: from } } as const
  const [first] = await door.launch(asked, onceFor(sid))
  logger.info({ thread_id: first?.thread_id, sid }, 'sms launched a thread')
  return null
}

const nothing = (logger: FastifyBaseLogger, sid: string, reason: string): null => {
  logger.info({ sid, reason }, 'sms refused')
  return null
}

/** Twilio sends again what it got no answer for, with the same MessageSid. */
const onceFor = (sid: string): TakenOnce => ({
  source: 'sms',
  id: sid,
  body_hash: sha256(sid),
  answer: () => ({ status: 200, body: '' }),
})
