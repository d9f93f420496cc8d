import Type, { type Static } from 'typebox'
import type { SlackLine, TakenOnce } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import { Refused } from '../../thread/input.ts'
import { ENDED } from '../../thread/state.ts'
import { type Command, commandIn } from './command.ts'
import { Handle, type Hearing, Id, onceFor, pageOf, partOf, Words, whoSaysInSlack, workspaceOf } from './heard.ts'
import { strangerRefused } from './refusals.ts'
import { tellSoon } from './soon.ts'
import { wordsOf } from './words.ts'

const Typed = Type.Object({
  team_id: Id,
  channel_id: Id,
  user_id: Id,
  text: Words,
  response_url: Handle,
  trigger_id: Handle,
})
type Typed = Static<typeof Typed>

/** `/deploybot …`: answered to whoever typed it; what it launches talks to the channel. */
export const hearCommand = async (payload: unknown, hearing: Hearing): Promise<void> => {
  const typed = partOf(Typed, payload)
  const { bot_user } = await workspaceOf(typed.team_id, hearing)
  const command = commandIn(wordsOf(typed.text, bot_user), Object.keys(hearing.policy.services))
  const actor = await whoSaysInSlack(typed.team_id, typed.user_id, hearing)
  const work = obey(command, typed, actor, hearing).catch((error: unknown) => {
    throw strangerRefused(error, actor)
  })
  await tellSoon(work, { response_url: typed.response_url }, hearing)
}

const obey = async (command: Command, typed: Typed, actor: Actor, hearing: Hearing): Promise<SlackLine[]> => {
  const once = onceFor(`command/${typed.team_id}/${typed.trigger_id}`)
  switch (command.do) {
    case 'help':
      return HELP.map((words) => ({ words }))
    case 'status':
      return status(actor, hearing)
    case 'lock': {
      const { environment, service, reason, seconds: expires_in_seconds } = command
      const asked = { type: 'lock', environment, service, reason, expires_in_seconds, actor } as const
      const [first] = await hearing.door.launch(asked, once)
      return [linkTo(`Locked: ${service ?? 'all'} on ${environment}`, first?.thread_id, hearing)]
    }
    case 'link': {
      const identity = { slack: `${typed.team_id}/${typed.user_id}` }
      const [first] = await hearing.door.launch({ type: 'link', identity, person: command.person, actor }, once)
      return [linkTo(`I have asked ${command.person} whether that is you.`, first?.thread_id, hearing)]
    }
    case 'unlock':
      return unlock(command, actor, once, hearing)
    case 'launch': {
      const reply_to = { slack: { team: typed.team_id, channel: typed.channel_id } }
      const { message } = command
      const [first] = await hearing.door.launch({ type: 'launch', agent: 'deploy', message, actor, reply_to }, once)
      return [linkTo(`On it: ${message.slice(0, 200)}`, first?.thread_id, hearing)]
    }
  }
}

const HELP = [
  '/deploybot deploy backend v1.2.3 to production — any words will do; I ask for approval before anything runs',
  '/deploybot status — what is under way, and what is locked',
  '/deploybot lock production backend 2h moving the database — without a service, all of them',
  '/deploybot link lead — I am lead of deploybot.yaml; they are asked where I know them already',
  '/deploybot unlock production backend it is moved',
  'Or mention me in a channel, or write to me alone. Answer in the thread below my message.',
]

const linkTo = (words: string, threadId: string | undefined, hearing: Hearing): SlackLine =>
  threadId === undefined ? { words } : { words, url: pageOf(threadId, hearing) }

const SHOWN = 10

/** Threads tell what a team does: only who is named in deploybot.yaml reads them here. */
const status = async (actor: Actor, hearing: Hearing): Promise<SlackLine[]> => {
  if (actor.kind !== 'person') throw new Refused('not_yours_to_answer', 'only people of deploybot.yaml may see this')
  const [{ threads }, locks] = await Promise.all([hearing.listing.list({ limit: 100 }), hearing.lanes.locked()])
  const open = threads.filter(({ status, agent }) => agent !== 'lock' && !ENDED.some((ended) => ended === status))
  const lines = open
    .slice(0, SHOWN)
    .map(({ id, title, status }) => linkTo(`${status.replaceAll('_', ' ')}: ${title}`, id, hearing))
  const held = locks.map(({ service, environment, reason, by, thread_id }) =>
    linkTo(`locked: ${service ?? 'all'} on ${environment} by ${by ?? 'a rollback'}: ${reason}`, thread_id, hearing),
  )
  const left = open.length - lines.length
  const more = left > 0 ? [{ words: `and ${left} more` }] : []
  return lines.length + held.length === 0
    ? [{ words: 'Nothing is under way, and nothing is locked.' }]
    : [...lines, ...more, ...held]
}

const unlock = async (
  { environment, service, reason }: Extract<Command, { do: 'unlock' }>,
  actor: Actor,
  once: TakenOnce,
  hearing: Hearing,
): Promise<SlackLine[]> => {
  const locks = await hearing.lanes.locked()
  const held = locks.find((lock) => lock.environment === environment && lock.service === service)
  const what = `${service ?? 'all'} on ${environment}`
  if (!held) return [{ words: `Nothing locks ${what}. /deploybot status shows what is locked.` }]
  await hearing.door.handle(held.thread_id, { type: 'unlock', reason, actor }, once)
  return [linkTo(`Unlocked: ${what}`, held.thread_id, hearing)]
}
