import { type Address, keyOf } from '../thread/contact/address.ts'
import { actorFor, type Identity } from '../thread/contact/who.ts'
import type { Actor, Json } from '../thread/event.ts'
import type { Launch, Request } from '../thread/input.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'
import type { HumanEnvelope, Mail, SlackThread } from './schemas/human.ts'

type Deps = Pick<AppDeps, 'policy' | 'humanLayer'>

/** What a signed callback asks for. `at`: the name of the place where it was said, by which a thread is found that talks there. */
export type Meaning =
  | { do: 'answer' | 'speak'; thread: string; request: Request }
  | { do: 'go on'; at: string; launch: Launch }
  | { do: 'launch'; launch: Launch }
  | { do: 'ignore'; why: string }

/**
 * What would run is never taken from a callback: an approval names a question of our log, and what runs is what the log says was
 * proposed there.
 */
export const meaningOf = ({ type, event }: HumanEnvelope, deps: Deps): Meaning => {
  switch (type) {
    case 'function_call.completed': {
      const { approved, comment, reject_option_name } = event.status
      if (typeof approved !== 'boolean') return { do: 'ignore', why: 'it is neither approved nor rejected' }
      const words = [approved ? null : reject_option_name, comment].filter(Boolean).join(': ')
      return answering(event, { approved, ...(words === '' ? {} : { comment: words }) }, deps)
    }
    case 'human_contact.completed': {
      const { response, response_option_name: choice } = event.status
      if (!response && !choice) return { do: 'ignore', why: 'it is no answer' }
      return answering(event, { ...(response ? { response } : {}), ...(choice ? { choice } : {}) }, deps)
    }
    case 'agent_slack.received':
      return saidInSlack(event, deps)
    case 'agent_email.received':
      return writtenInMail(event)
    case 'conversation.created':
      return saidIn(event, deps)
  }
}

type Conversation = Extract<HumanEnvelope, { type: 'conversation.created' }>['event']

const saidIn = ({ user_message: message, thread_id, slack, email }: Conversation, deps: Deps): Meaning => {
  const actor: Actor = { kind: 'caller', id: 'conversation', via: 'webhook' }
  if (thread_id) return { do: 'speak', thread: thread_id, request: { type: 'message', message: words(message), actor } }
  if (slack) return saidInSlack(slack, deps)
  return email ? writtenInMail(email) : { do: 'launch', launch: launching(message, actor) }
}

/** The service through which it came answers there too; without one, our own App does. */
const saidInSlack = ({ team_id, channel_id, thread_ts, events }: SlackThread, deps: Deps): Meaning => {
  const message = events.map(({ content }) => content).join('\n')
  const user = `${team_id ?? ''}/${events.at(-1)?.from_user_id ?? ''}`
  const launch = launching(message, actorFor({ slack: user }, 'webhook', deps.policy))
  if (!team_id || !thread_ts) return { do: 'launch', launch }
  const reply_to: Address = deps.humanLayer
    ? { humanlayer: { channel: { slack: { channel_or_user_id: channel_id, thread_ts } } } }
    : { slack: { team: team_id, channel: channel_id, thread_ts } }
  return { do: 'go on', at: keyOf(reply_to), launch: { ...launch, reply_to } }
}

const MOST_MAILS = 10
const LONGEST_MAIL = 2_000
const LONGEST_MESSAGE = 20_000

/**
 * An address in a mail is what its sender wrote there: words of a stranger, whoever it claims to be. The mails before it name no thread of
 * ours: the model is shown them.
 */
const writtenInMail = ({ from_address, subject, body, previous_thread }: Mail): Meaning => {
  const actor: Actor = { kind: 'caller', id: from_address, via: 'email' }
  const launch = launching([subject, body].filter(Boolean).join('\n\n'), actor)
  const earlier = previous_thread?.slice(-MOST_MAILS).map(({ from_address: from, content }): Json => {
    return { from: from ?? '', content: cut(content ?? '', LONGEST_MAIL) }
  })
  return { do: 'launch', launch: earlier?.length ? { ...launch, context: { earlier_mails: earlier } } : launch }
}

const launching = (message: string, actor: Actor): Launch => ({
  type: 'launch',
  agent: 'deploy',
  message: words(message),
  actor,
})

const words = (message: string): string => {
  if (message.trim() === '') throw new Problem(422, 'empty_message', 'there are no words in this message')
  return cut(message, LONGEST_MESSAGE)
}

/** No half of a surrogate pair is left at the end: the log could not hold it. */
const cut = (text: string, longest: number): string => text.slice(0, longest).toWellFormed()

interface Answered {
  call_id?: string | null
  spec: { state?: { thread_id: string; seq: number } | null }
  status: Status
}

type Said = { approved: boolean; comment?: string } | { response?: string; choice?: string }

const answering = ({ call_id, spec, status }: Answered, said: Said, { policy }: Deps): Meaning => {
  const asked = spec.state ?? ours(call_id)
  if (!asked) throw new Problem(422, 'unknown_question', 'neither spec.state nor call_id names a question of ours')
  const actor = actorFor(identityIn(status), 'webhook', policy)
  return { do: 'answer', thread: asked.thread_id, request: { type: 'respond', to: asked.seq, actor, ...said } }
}

/** The name that we give a call: the thread, and the seq of its question. */
const ours = (call_id: string | null | undefined): { thread_id: string; seq: number } | null => {
  const [, thread_id, seq] = /^([0-9a-f-]{36})-([1-9]\d{0,8})$/.exec(call_id ?? '') ?? []
  return thread_id === undefined ? null : { thread_id, seq: Number(seq) }
}

interface Status {
  user_info?: { email?: string | null } | null
  slack_context?: { team_id?: string | null; user_id?: string | null } | null
}

/** Whom the sender has checked and signed for. */
const identityIn = ({ user_info, slack_context }: Status): Identity => ({
  email: user_info?.email?.toLowerCase(),
  slack: slack_context?.user_id ? `${slack_context.team_id ?? ''}/${slack_context.user_id}` : null,
})
