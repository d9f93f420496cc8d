import type { WebClient } from '@slack/web-api'
import type { Channel, Notice, Told } from '../../agent/ports.ts'
import { keyOf, type SlackAddress } from '../../thread/contact/address.ts'
import type { Json } from '../../thread/event.ts'
import { createClients, type SlackOptions } from './clients.ts'
import { codeOf, isDown, toldOf } from './errors.ts'
import { findLost, markOf, type Ref } from './lost.ts'
import { messageOf, type SlackMessage } from './message.ts'

type InSlack = { slack: SlackAddress }

/** Asks and tells people in Slack: one message for each question and one for how the thread goes, each edited when it changes. */
export const createSlackChannel = (options: SlackOptions): Channel<InSlack> => {
  const clientOf = createClients(options)
  const { hosts, apiUrl = 'https://slack.com' } = options
  const { host } = new URL(apiUrl)
  return {
    name: 'slack',
    deliver: async (notice: Notice<InSlack>): Promise<Told> => {
      const { slack } = notice.address
      const pause = (await hosts?.pauseOf(host)) ?? 0
      if (pause > 0) return { ok: false, message: 'Slack does not answer; it was not tried', retry_after_ms: pause }
      try {
        const message = messageOf(notice, `${options.publicUrl}/threads/${notice.thread_id}`)
        const ref = await tell(await clientOf(slack.team), notice, message)
        const root = slack.thread_ts ?? ref.ts
        const replies_at = keyOf({ slack: { team: slack.team, channel: ref.channel, thread_ts: root } })
        hosts?.report(host, false)
        return { ok: true, ref: { ...ref }, replies_at }
      } catch (error) {
        hosts?.report(host, isDown(error))
        return toldOf(error)
      }
    },
  }
}

const tell = async (client: WebClient, notice: Notice<InSlack>, shown: SlackMessage): Promise<Ref> => {
  const { kind, address, ref, tried } = notice
  const message = { ...shown, metadata: markOf(notice) }
  const earlier = kind === 'request' ? null : refIn(ref)
  if (kind === 'reminder' && earlier) {
    const { channel, ts } = earlier
    const thread_ts = address.slack.thread_ts ?? ts
    const lost = tried ? await findLost(client, { channel, thread_ts }, message.metadata) : null
    if (lost === null) await post(client, { ...address.slack, channel, thread_ts }, message)
    // What is edited later is the question, not what reminded of it.
    return earlier
  }
  const { thread_ts } = address.slack
  const channel = earlier?.channel ?? (await conversationOf(client, address.slack.channel))
  const place = { ...address.slack, channel }
  const there = earlier ?? (tried ? await findLost(client, { channel, thread_ts }, message.metadata) : null)
  return there === null ? post(client, place, message) : edit(client, there, place, message)
}

type Marked = SlackMessage & { metadata: ReturnType<typeof markOf> }

const post = async (client: WebClient, { channel, thread_ts }: SlackAddress, message: Marked): Promise<Ref> => {
  const posted = await client.chat.postMessage({
    channel,
    ...message,
    ...(thread_ts === undefined ? {} : { thread_ts }),
    unfurl_links: false,
    unfurl_media: false,
  })
  return { channel: posted.channel ?? channel, ts: posted.ts ?? '' }
}

const GONE = ['message_not_found', 'cant_update_message', 'edit_window_closed']

/** What somebody deleted is said anew. */
const edit = async (client: WebClient, { channel, ts }: Ref, place: SlackAddress, message: Marked): Promise<Ref> => {
  try {
    await client.chat.update({ channel, ts, ...message })
    return { channel, ts }
  } catch (error) {
    if (!GONE.includes(codeOf(error) ?? '')) throw error
    return post(client, place, message)
  }
}

/** A person's id stands for the conversation that we have with them alone. */
const conversationOf = async (client: WebClient, channel: string): Promise<string> => {
  if (!/^[UW]/.test(channel)) return channel
  const opened = await client.conversations.open({ users: channel })
  return opened.channel?.id ?? channel
}

const refIn = (ref: Json): Ref | null => {
  if (typeof ref !== 'object' || ref === null || Array.isArray(ref)) return null
  const { channel, ts } = ref
  return typeof channel === 'string' && typeof ts === 'string' ? { channel, ts } : null
}
