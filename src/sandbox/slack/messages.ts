import { named } from './blocks/named.ts'
import type { Content } from './content.ts'
import { announce, announceChange } from './send/events.ts'
import type { Message } from './state.ts'
import { newId, newTs, type World } from './world.ts'

export type NewMessage = Pick<Message, 'team' | 'channel' | 'user'> &
  Content &
  Partial<Pick<Message, 'thread_ts' | 'only_for' | 'metadata'>>

/** Adds a message, and tells the app of it where it is subscribed. */
export const addMessage = (world: World, { text = '', blocks = [], ...rest }: NewMessage): Message => {
  const message: Message = {
    thread_ts: null,
    only_for: null,
    metadata: null,
    ...rest,
    ts: newTs(world),
    text,
    blocks: named(blocks, () => newId(world, 'b')),
    edited: null,
    reactions: [],
  }
  world.state.messages.push(message)
  announce(world, message)
  world.changed()
  return message
}

/** Text alone takes the blocks away; blocks alone leave the text. Only an edit of text is marked as one. */
export const editMessage = (world: World, message: Message, { text, blocks }: Content): void => {
  const before = { ...message }
  if (text !== undefined) message.text = text
  if (blocks) message.blocks = named(blocks, () => newId(world, 'b'))
  else if (text !== undefined) message.blocks = []
  if (!blocks) message.edited = { user: message.user, ts: newTs(world) }
  announceChange(world, before, message)
  world.changed()
}

export const removeMessage = (world: World, message: Message): void => {
  const { messages } = world.state
  messages.splice(messages.indexOf(message), 1)
  announceChange(world, message, null)
  world.changed()
}
