import type {
  ChatDeleteResponse,
  ChatGetPermalinkResponse,
  ChatPostEphemeralResponse,
  ChatPostMessageResponse,
  ChatUpdateResponse,
} from '@slack/web-api'
import { contentOf, isEmpty, LONGEST_EDIT, parsed } from '../content.ts'
import { addMessage, editMessage, removeMessage } from '../messages.ts'
import { Refused } from '../refused.ts'
import { messageShape } from '../shapes/message.ts'
import type { Conversation } from '../state.ts'
import { conversationOf, directMessage, messageAt, personOf } from '../world.ts'
import { type Asked, channelOf, type Method, messageOf, optional, required } from './args.ts'

type Answer<T> = { [K in keyof T]: K extends 'message' ? unknown : T[K] }

const postMessage: Method = (asked) => {
  const { world, workspace, args } = asked
  const { id: channel } = placeToPost(asked)
  const content = contentOf(args)
  if (isEmpty(content)) throw new Refused('no_text')
  const { id: team, bot } = workspace
  const thread_ts = threadOf(asked, channel)
  const { metadata } = args
  const read = typeof metadata === 'string' ? parsed(metadata, 'invalid_metadata_format') : (metadata ?? null)
  const message = addMessage(world, { team, channel, user: bot.user, ...content, thread_ts, metadata: read })
  return {
    ok: true,
    channel,
    ts: message.ts,
    message: messageShape(world, message),
  } satisfies Answer<ChatPostMessageResponse>
}

const update: Method = (asked) => {
  const channel = channelOf(asked)
  const message = messageOf(asked, channel)
  const content = contentOf(asked.args, LONGEST_EDIT)
  if (message.user !== asked.workspace.bot.user) throw new Refused('cant_update_message')
  if (message.only_for !== null) throw new Refused('message_not_found')
  if (content.text === undefined && !content.blocks) throw new Refused('no_text')
  editMessage(asked.world, message, content)
  const { ts, text } = message
  const told = messageShape(asked.world, message)
  return { ok: true, channel: channel.id, ts, text, message: told } satisfies Answer<ChatUpdateResponse>
}

const remove: Method = (asked) => {
  const channel = channelOf(asked)
  const message = messageOf(asked, channel)
  if (message.user !== asked.workspace.bot.user) throw new Refused('cant_delete_message')
  if (message.only_for !== null) throw new Refused('message_not_found')
  removeMessage(asked.world, message)
  return { ok: true, channel: channel.id, ts: message.ts } satisfies ChatDeleteResponse
}

const postEphemeral: Method = (asked) => {
  const { world, workspace, args } = asked
  const channel = channelOf(asked)
  const only_for = required(asked, 'user')
  if (!channel.members.includes(only_for)) throw new Refused('user_not_in_channel')
  const content = contentOf(args)
  if (isEmpty(content)) throw new Refused('no_text')
  const { id: team, bot } = workspace
  const thread_ts = threadOf(asked, channel.id)
  const place = { team, channel: channel.id, user: bot.user, thread_ts, only_for }
  const { ts } = addMessage(world, { ...place, ...content })
  return { ok: true, message_ts: ts } satisfies ChatPostEphemeralResponse
}

const getPermalink: Method = (asked) => {
  const place = channelOf(asked)
  const { ts, thread_ts, team, channel } = messageOf(asked, place, 'message_ts')
  const inThread = thread_ts === null ? '' : `&thread_ts=${thread_ts}&cid=${channel}`
  const permalink = `${asked.world.url}/archives/${channel}/p${ts.replace('.', '')}?team=${team}${inThread}`
  return { ok: true, channel, permalink } satisfies ChatGetPermalinkResponse
}

/** A person's id stands for the direct message with them. */
const placeToPost = (asked: Asked): Conversation => {
  const { world, workspace, args } = asked
  const person = personOf(world, workspace.id, String(args['channel'] ?? ''))
  if (person?.email) return directMessage(world, workspace, person.id)
  const channel = conversationOf(world, workspace.id, String(args['channel'] ?? ''))
  if (!channel) throw new Refused('channel_not_found')
  if (!channel.members.includes(workspace.bot.user)) throw new Refused('not_in_channel')
  return channel
}

const threadOf = (asked: Asked, channel: string): string | null => {
  const thread_ts = optional(asked, 'thread_ts')
  if (thread_ts === undefined) return null
  const parent = messageAt(asked.world, asked.workspace.id, channel, thread_ts)
  // Slack does not refuse: what answers a message that was deleted comes out in the channel. Seen in slack-go issue 1571.
  if (!parent) return null
  // "Avoid using a reply's ts": Slack takes it, and shows it in places that nobody expects. Here that mistake fails.
  if (parent.thread_ts !== null) throw new Refused('cannot_reply_to_message')
  return parent.ts
}

export const chat: Record<string, Method> = {
  'chat.postMessage': postMessage,
  'chat.update': update,
  'chat.delete': remove,
  'chat.postEphemeral': postEphemeral,
  'chat.getPermalink': getPermalink,
}
