import type { AnyBlock } from '@slack/types'
import type { ConversationsRepliesResponse } from '@slack/web-api'
import { app } from '../seed.ts'
import type { Message } from '../state.ts'
import { isBot, messageAt, type World, workspaceOf } from '../world.ts'

type Told = NonNullable<ConversationsRepliesResponse['messages']>[number]

/** A message as Slack tells it: to whoever posted it, in a history and in an event. */
export const messageShape = (world: World, message: Message) => {
  const { team, thread_ts, channel, edited, reactions, blocks } = message
  const parent = thread_ts === null ? undefined : messageAt(world, team, channel, thread_ts)
  return {
    type: 'message' as const,
    user: message.user,
    text: message.text,
    ts: message.ts,
    team,
    ...(isBot(world, message) ? byBot(world, message) : { client_msg_id: clientId(message) }),
    ...(blocks.length > 0 && { blocks }),
    ...(thread_ts !== null && { thread_ts, ...(parent && { parent_user_id: parent.user }) }),
    ...(edited && { edited }),
    ...(reactions.length > 0 && { reactions }),
  } satisfies Omit<Told, 'blocks'> & { blocks?: AnyBlock[] }
}

/** The first message of a thread also tells how the thread goes. */
export const parentShape = (world: World, message: Message) => {
  const replies = repliesTo(world, message)
  const latest = replies.at(-1)
  const reply_users = [...new Set(replies.map(({ user }) => user))]
  return {
    ...messageShape(world, message),
    ...(latest && {
      thread_ts: message.ts,
      reply_count: replies.length,
      reply_users_count: reply_users.length,
      latest_reply: latest.ts,
      reply_users,
      is_locked: false,
      subscribed: true,
    }),
  }
}

/** What everybody can read below this message. */
export const repliesTo = ({ state }: World, { team, channel, ts }: Message): Message[] =>
  state.messages.filter(
    (one) => one.team === team && one.channel === channel && one.thread_ts === ts && one.only_for === null,
  )

const byBot = (world: World, { team }: Message) => {
  const bot_id = workspaceOf(world, team)?.bot.bot_id ?? ''
  const icons = { image_36: '', image_48: '', image_72: '' }
  return {
    bot_id,
    app_id: app.id,
    bot_profile: { id: bot_id, app_id: app.id, name: app.name, icons, deleted: false, updated: 0, team_id: team },
  }
}

const clientId = ({ ts }: Message): string => `00000000-0000-4000-8000-${ts.replace('.', '').slice(-12)}`
