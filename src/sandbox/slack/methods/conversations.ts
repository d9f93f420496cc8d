import type { ConversationsInfoResponse, ConversationsOpenResponse, ReactionsAddResponse } from '@slack/web-api'
import { isFields } from '../blocks/text.ts'
import { Refused } from '../refused.ts'
import { messageShape, parentShape, repliesTo } from '../shapes/message.ts'
import { conversationShape } from '../shapes/place.ts'
import type { Message } from '../state.ts'
import { directMessage, messageAt, personOf } from '../world.ts'
import { type Asked, channelOf, type Method, messageOf, optional, required } from './args.ts'

const open: Method = (asked) => {
  const { world, workspace, args } = asked
  const users = required(asked, 'users').split(',')
  const [user = ''] = users
  if (users.length > 1) throw new Refused('too_many_users')
  if (!personOf(world, workspace.id, user)) throw new Refused('user_not_found')
  if (user === workspace.bot.user) throw new Refused('cannot_dm_bot')
  const there = world.state.conversations.some((one) => one.im && one.team === workspace.id && one.members[0] === user)
  const found = directMessage(world, workspace, user)
  world.changed()
  const whole = args['return_im'] === true || args['return_im'] === 'true'
  return {
    ok: true,
    ...(there && { no_op: true, already_open: true }),
    channel: whole ? conversationShape(found, workspace) : { id: found.id },
  } satisfies ConversationsOpenResponse
}

const info: Method = (asked) =>
  ({ ok: true, channel: conversationShape(channelOf(asked), asked.workspace) }) satisfies ConversationsInfoResponse

const replies: Method = (asked) => {
  const channel = readable(asked)
  const parent = messageAt(asked.world, asked.workspace.id, channel.id, required(asked, 'ts'))
  if (!parent) throw new Refused('thread_not_found')
  const first = { ...parentShape(asked.world, parent), ...metadataOf(asked, parent) }
  const rest = repliesTo(asked.world, parent).map((one) => ({
    ...messageShape(asked.world, one),
    ...metadataOf(asked, one),
  }))
  const { page, ...more } = pageOf(asked, rest)
  return { ok: true, messages: more.start === 0 ? [first, ...page] : page, ...more.told }
}

/** Newest first, and without what was answered in threads. */
const history: Method = (asked) => {
  const channel = readable(asked)
  const { oldest = '0', latest = '9'.repeat(12), inclusive } = asked.args
  const within = ({ ts }: Message): boolean =>
    (ts > String(oldest) && ts < String(latest)) ||
    (String(inclusive) === 'true' && (ts === String(oldest) || ts === String(latest)))
  const there = asked.world.state.messages.filter(
    (one) =>
      one.team === asked.workspace.id &&
      one.channel === channel.id &&
      one.thread_ts === null &&
      one.only_for === null &&
      within(one),
  )
  const all = there.toReversed().map((one) => ({ ...parentShape(asked.world, one), ...metadataOf(asked, one) }))
  const { page, told } = pageOf(asked, all)
  return { ok: true, messages: page, pin_count: 0, ...told }
}

/** Of what an app noted on a message only the name is told, unless all of it is asked for. */
const metadataOf = ({ args }: Asked, { metadata }: Message) => {
  if (!isFields(metadata)) return {}
  const { event_type } = metadata
  return { metadata: String(args['include_all_metadata']) === 'true' ? metadata : { event_type } }
}

const pageOf = <T>(asked: Asked, all: T[]) => {
  const limit = Math.min(Math.max(Number(optional(asked, 'limit') ?? 100) || 100, 1), 999)
  const start = Number(Buffer.from(optional(asked, 'cursor') ?? '', 'base64url').toString()) || 0
  const end = start + limit
  const has_more = end < all.length
  const next = has_more && { response_metadata: { next_cursor: Buffer.from(String(end)).toString('base64url') } }
  return { start, page: all.slice(start, end), told: { has_more, ...next } }
}

const readable = (asked: Asked) => {
  const channel = channelOf(asked)
  if (!channel.members.includes(asked.workspace.bot.user)) throw new Refused('not_in_channel')
  return channel
}

const react: Method = (asked) => {
  const name = required(asked, 'name')
  if (!/^[a-z0-9_+-]{1,100}$/.test(name)) throw new Refused('invalid_name')
  const message = messageOf(asked, channelOf(asked), 'timestamp')
  const { user } = asked.workspace.bot
  const found = message.reactions.find((one) => one.name === name)
  if (found?.users.includes(user)) throw new Refused('already_reacted')
  if (found) Object.assign(found, { users: [...found.users, user], count: found.count + 1 })
  else message.reactions.push({ name, users: [user], count: 1 })
  asked.world.changed()
  return { ok: true } satisfies ReactionsAddResponse
}

export const conversations: Record<string, Method> = {
  'conversations.open': open,
  'conversations.info': info,
  'conversations.replies': replies,
  'conversations.history': history,
  'reactions.add': react,
}
