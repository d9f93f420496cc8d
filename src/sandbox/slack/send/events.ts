import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppMentionEvent, SlackEvent } from '@slack/types'
import { app } from '../seed.ts'
import { messageShape } from '../shapes/message.ts'
import type { Conversation, Message, Workspace } from '../state.ts'
import { conversationOf, newId, newTs, type World, workspaceOf } from '../world.ts'
import { type Delivery, deliver } from './delivery.ts'

/** The envelope in which the Events API tells of one thing. */
const envelope = (world: World, { id: team_id, bot }: Workspace, event: SlackEvent) => ({
  token: app.token,
  team_id,
  context_team_id: team_id,
  context_enterprise_id: null,
  api_app_id: app.id,
  event,
  type: 'event_callback' as const,
  event_id: newId(world, 'Ev'),
  event_time: Math.floor(world.now() / 1000),
  authorizations: [{ enterprise_id: null, team_id, user_id: bot.user, is_bot: true, is_enterprise_install: false }],
  is_ext_shared_channel: false,
  event_context: `4-${randomUUID()}`,
})

export type Envelope = ReturnType<typeof envelope>

/** Tells the app, and tells it again where it did not acknowledge: at once, after a minute, after five. */
const tell = async (world: World, workspace: Workspace, event: SlackEvent): Promise<void> => {
  const { event_id, ...rest } = envelope(world, workspace, event)
  const parcel = { kind: 'event' as const, type: event.type, team: workspace.id, event_id }
  const body = JSON.stringify({ ...rest, event_id })
  let last = await deliver(world, { ...parcel, body })
  for (const [index, ms] of world.retryMs.entries()) {
    if (!last.failure || last.no_retry) return
    const headers = retryHeaders(index + 1, last)
    try {
      await sleep(ms, undefined, { signal: world.closing, ref: false })
    } catch {
      return
    }
    last = await deliver(world, { ...parcel, body, retry: index + 1, headers })
  }
}

const retryHeaders = (retry: number, { failure }: Delivery): Record<string, string> => ({
  'x-slack-retry-num': String(retry),
  'x-slack-retry-reason': failure ?? 'unknown_error',
})

/** Slack asks whether an address is the app's before it sends anything there; the answer is the challenge. */
export const verifyUrl = async (world: World): Promise<boolean> => {
  const challenge = randomUUID()
  const body = JSON.stringify({ token: app.token, challenge, type: 'url_verification' })
  const { failure, text } = await deliver(world, { kind: 'event', type: 'url_verification', team: 'T01', body })
  return failure === null && (text === challenge || text.includes(JSON.stringify(challenge)))
}

/** What the app is subscribed to: each message where it is a member, its own too, and being mentioned. */
export const announce = (world: World, message: Message): void => {
  const { workspace, conversation } = placeOf(world, message)
  if (!workspace || !conversation?.members.includes(workspace.bot.user) || message.only_for !== null) return
  void tell(world, workspace, newMessage(world, message, conversation))
  const mentioned = message.user !== workspace.bot.user && message.text.includes(`<@${workspace.bot.user}`)
  if (mentioned && !conversation.im) void tell(world, workspace, mention(world, message))
}

const newMessage = (world: World, message: Message, { im }: Conversation) =>
  ({
    ...messageShape(world, message),
    subtype: undefined,
    channel: message.channel,
    channel_type: im ? 'im' : 'channel',
    event_ts: message.ts,
  }) satisfies SlackEvent

const mention = (world: World, message: Message) =>
  ({
    ...messageShape(world, message),
    type: 'app_mention',
    channel: message.channel,
    event_ts: message.ts,
  }) satisfies AppMentionEvent

/** A message was edited, or is gone. */
export const announceChange = (world: World, before: Message, after: Message | null): void => {
  const { workspace, conversation } = placeOf(world, before)
  if (!workspace || !conversation?.members.includes(workspace.bot.user) || before.only_for !== null) return
  const ts = newTs(world)
  const previous_message = newMessage(world, before, conversation)
  const channel_type = conversation.im ? ('im' as const) : ('channel' as const)
  const common = { type: 'message' as const, channel: before.channel, channel_type, ts, event_ts: ts, previous_message }
  const event: SlackEvent = after
    ? { ...common, subtype: 'message_changed', hidden: true, message: newMessage(world, after, conversation) }
    : { ...common, subtype: 'message_deleted', hidden: true, deleted_ts: before.ts }
  void tell(world, workspace, event)
}

const placeOf = (world: World, { team, channel }: Message) => ({
  workspace: workspaceOf(world, team),
  conversation: conversationOf(world, team, channel),
})
