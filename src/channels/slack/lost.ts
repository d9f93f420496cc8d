import type { MessageMetadata, WebClient } from '@slack/web-api'
import type { Notice } from '../../agent/ports.ts'
import { codeOf } from './errors.ts'

/** By what a message of ours is found again. */
export interface Ref {
  channel: string
  ts: string
}

const TYPE = 'deploybot_message'

/**
 * What a message of ours is, for a later look: Slack takes no key that would make a second try harmless (slack-api-specs issue 10; of
 * `client_msg_id` its reference knows error codes and no argument). Whoever is in the channel can read it.
 */
export const markOf = ({
  thread_id,
  question,
  kind,
  seq,
}: Pick<Notice, 'thread_id' | 'question' | 'kind' | 'seq'>) => ({
  event_type: TYPE,
  // Every reminder is a message of its own.
  event_payload: { thread_id, about: question?.seq ?? 0, reminder: kind === 'reminder' ? seq : 0 },
})
type Mark = ReturnType<typeof markOf>

// The newest of a channel, and the first of a thread: a try that failed is made again within seconds, and at last after three days.
const LOOKED_THROUGH = 200

/** The message that an earlier try left there although its answer was lost; null: there is none, or we may not look. */
export const findLost = async (
  client: WebClient,
  { channel, thread_ts }: { channel: string; thread_ts: string | undefined },
  mark: Mark,
): Promise<Ref | null> => {
  const asked = { channel, include_all_metadata: true, limit: LOOKED_THROUGH }
  try {
    const { messages = [] } = await (thread_ts === undefined
      ? client.conversations.history(asked)
      : client.conversations.replies({ ...asked, ts: thread_ts }))
    const found = messages.find(({ metadata, ts }) => ts !== undefined && isMarked(metadata, mark))
    return found?.ts === undefined ? null : { channel, ts: found.ts }
  } catch (error) {
    if (!BLIND.includes(codeOf(error) ?? '')) throw error
    return null
  }
}

// A second message is better than none.
const BLIND = ['not_in_channel', 'missing_scope', 'channel_not_found', 'thread_not_found', 'no_permission']

/** Another app can write the same: what is not ours cannot be edited, and is then written anew. */
const isMarked = (found: Partial<MessageMetadata> | undefined, { event_type, event_payload }: Mark): boolean =>
  found?.event_type === event_type &&
  Object.entries(event_payload).every(([name, value]) => found.event_payload?.[name] === value)
