import { addMessage } from '../messages.ts'
import { Refused } from '../refused.ts'
import type { Conversation, Message, Person } from '../state.ts'
import { conversationOf, directMessage, messageAt, personOf, type World, workspaceOf } from '../world.ts'

/** Who does something, and where. A direct message with the bot is named by the bot. */
export interface Doing {
  team: string
  user: string
  channel: string
}

/** The person and the place, who must be there. */
export const actorIn = (world: World, { team, user, channel }: Doing): { person: Person; place: Conversation } => {
  const workspace = workspaceOf(world, team)
  const person = personOf(world, team, user)
  if (!workspace || !person) throw new Refused('user_not_found')
  const direct = channel === workspace.bot.user
  const place = direct ? directMessage(world, workspace, user) : conversationOf(world, team, channel)
  if (!place) throw new Refused('channel_not_found')
  if (!place.members.includes(user)) throw new Refused('not_in_channel')
  return { person, place }
}

/** Somebody writes, in the form in which Slack passes it on: people as `<@U01>`, and &, < and > as entities. */
export const say = (
  world: World,
  { text, thread_ts, ...doing }: Doing & { text: string; thread_ts?: string },
): Message => {
  const { place } = actorIn(world, doing)
  const { team, user } = doing
  const parent = thread_ts === undefined ? undefined : messageAt(world, team, place.id, thread_ts)
  if (thread_ts !== undefined && !parent) throw new Refused('thread_not_found')
  const thread = parent ? (parent.thread_ts ?? parent.ts) : null
  return addMessage(world, { team, user, channel: place.id, text, thread_ts: thread })
}

/** What somebody types becomes what Slack passes on. */
export const typed = (world: World, team: string, text: string): string => {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const people = world.state.people.filter((one) => one.team === team)
  return escaped
    .replace(/(^|\s)@([a-z0-9._-]*[a-z0-9])/g, (whole, before: string, name: string) => {
      const found = people.find((one) => one.name === name)
      return found ? `${before}<@${found.id}>` : whole
    })
    .replace(/https?:\/\/[^\s|]+/g, (url) => `<${url}>`)
}
