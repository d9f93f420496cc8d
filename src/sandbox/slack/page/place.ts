import type { Conversation, Message, Person, Workspace } from '../state.ts'
import { conversationOf, personOf, type World, workspaceOf } from '../world.ts'
import type { Names } from './mrkdwn.ts'

/** What the page shows, and to whom: all of it is in its address. */
export interface Place {
  world: World
  workspace: Workspace
  person: Person
  /** Undefined: a direct message in which nobody has written yet. */
  conversation: Conversation | undefined
  thread: string | null
}

type Query = Partial<Record<'team' | 'as' | 'channel' | 'thread', string>>

/** Whatever is not there becomes the first that is. */
export const placeOf = (world: World, query: Query): Place | undefined => {
  const workspace = workspaceOf(world, query.team ?? '') ?? world.state.workspaces[0]
  if (!workspace) return undefined
  const team = workspace.id
  const people = humans(world, team)
  const person = people.find(({ id }) => id === query.as) ?? people[0]
  if (!person) return undefined
  const mine = world.state.conversations.filter((one) => one.team === team && one.members.includes(person.id))
  const direct = query.channel === workspace.bot.user
  const asked = mine.find((one) => (direct ? one.im : one.id === query.channel))
  const conversation = direct ? asked : (asked ?? mine[0])
  return { world, workspace, person, conversation, thread: query.thread ?? null }
}

export const humans = ({ state }: World, team: string): Person[] =>
  state.people.filter((one) => one.team === team && one.email !== null)

/** The address of the page with something else in view. */
export const linkTo = (place: Place, other: Query): string => {
  const { workspace, person, conversation } = place
  const here = { team: workspace.id, as: person.id, channel: conversation?.id ?? workspace.bot.user }
  return `/?${new URLSearchParams({ ...here, ...other })}`
}

export const namesIn = (world: World, team: string): Names => ({
  person: (id) => personOf(world, team, id)?.name ?? id,
  channel: (id) => conversationOf(world, team, id)?.name ?? id,
})

/** What this person can read here, oldest first. */
export const seenHere = ({ world, person, conversation }: Place): Message[] =>
  world.state.messages.filter(
    ({ team, channel, only_for }) =>
      team === conversation?.team && channel === conversation.id && (only_for === null || only_for === person.id),
  )
