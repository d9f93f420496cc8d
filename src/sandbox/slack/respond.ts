import { type Fields, isFields } from './blocks/text.ts'
import { type Content, contentOf, isEmpty } from './content.ts'
import { addMessage, editMessage, removeMessage } from './messages.ts'
import { Refused } from './refused.ts'
import type { ResponseUrl } from './state.ts'
import { messageAt, type World, workspaceOf } from './world.ts'

/** What the app says through a response_url, or in the answer to a command: new, or in place of the message that was clicked in. */
export const respond = (world: World, url: ResponseUrl, given: unknown): void => {
  if (!isFields(given)) throw new Refused('invalid_payload')
  const { team, channel, ts } = url
  const original = ts === null ? undefined : messageAt(world, team, channel, ts)
  if (given['delete_original'] === true) {
    if (original) removeMessage(world, original)
    return
  }
  const content = contentOf(given)
  if (isEmpty(content)) throw new Refused('no_text')
  if (given['replace_original'] === true && original) editMessage(world, original, content)
  else addAnswer(world, url, given, content)
}

const addAnswer = (world: World, url: ResponseUrl, given: Fields, content: Content): void => {
  const { team, channel, user } = url
  const parent = messageAt(world, team, channel, String(given['thread_ts'] ?? ''))
  const bot = workspaceOf(world, team)?.bot.user ?? ''
  addMessage(world, {
    team,
    channel,
    user: bot,
    ...content,
    thread_ts: parent ? (parent.thread_ts ?? parent.ts) : null,
    only_for: given['response_type'] === 'in_channel' ? null : user,
  })
}
