import { at } from '../blocks/text.ts'
import { Refused } from '../refused.ts'
import type { Conversation, Message, Workspace } from '../state.ts'
import { conversationOf, messageAt, type World } from '../world.ts'

/** A call of the Web API: who calls, and with what. */
export interface Asked {
  world: World
  workspace: Workspace
  args: Record<string, unknown>
}

export type Method = (asked: Asked) => Record<string, unknown>

/** An argument that may be left out. Forms say everything in strings. */
export const optional = ({ args }: Pick<Asked, 'args'>, name: string): string | undefined => {
  const value = args[name]
  return value === undefined || value === null || value === '' ? undefined : String(value)
}

export const required = (asked: Pick<Asked, 'args'>, name: string): string => {
  const value = optional(asked, name)
  if (value === undefined) throw new Refused('invalid_arguments', at('', `missing required field: ${name}`))
  return value
}

/** The channel that is named, which must be there. */
export const channelOf = ({ world, workspace, args }: Asked): Conversation => {
  const found = conversationOf(world, workspace.id, String(args['channel'] ?? ''))
  if (!found) throw new Refused('channel_not_found')
  return found
}

export const messageOf = (asked: Asked, channel: Conversation, name = 'ts'): Message => {
  const found = messageAt(asked.world, asked.workspace.id, channel.id, required(asked, name))
  if (!found) throw new Refused('message_not_found')
  return found
}
