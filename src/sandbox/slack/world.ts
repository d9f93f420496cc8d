import { randomBytes } from 'node:crypto'
import type { Fault } from './faults.ts'
import type { Delivery } from './send/delivery.ts'
import type { Conversation, Message, Person, State, Workspace } from './state.ts'

/** Where the app wants to be told, and the secret that both know. */
export interface RequestUrls {
  events: string
  interactions: string
  commands: string
  signingSecret: string
}

/** One call of the Web API, as it came and as it was answered. */
export interface Call {
  method: string
  team: string | null
  args: Record<string, unknown>
  ok: boolean
  error: string | null
  at: number
}

/** All that the parts of the sandbox share. */
export interface World {
  state: State
  url: string
  urls: RequestUrls | undefined
  faults: Fault[]
  calls: Call[]
  deliveries: Delivery[]
  /** How long the app has to acknowledge. */
  ackMs: number
  /** How long after each failure an event is sent again. */
  retryMs: readonly number[]
  oauth: { clientId: string; clientSecret: string }
  closing: AbortSignal
  now(): number
  /** Something is different: keep it, and show it. */
  changed(): void
  /** Called at each change, until the function returned is called. */
  watch(seen: () => void): () => void
}

/** A short name that Slack would give; counted, so that a test reads well. */
export const newId = ({ state }: World, prefix: string): string => `${prefix}${String(state.next++).padStart(6, '0')}`

/** A name that nobody can guess. */
export const secretId = (): string => randomBytes(12).toString('hex')

/** Slack names a message by the time it came, in microseconds; no two of them are the same. */
export const newTs = (world: World): string => {
  const now = `${(world.now() / 1000).toFixed(3)}000`
  const { last_ts } = world.state
  world.state.last_ts = now > last_ts ? now : plusOne(last_ts)
  return world.state.last_ts
}

const plusOne = (ts: string): string => {
  const micros = BigInt(ts.replace('.', '')) + 1n
  return String(micros).replace(/(\d{6})$/, '.$1')
}

export const workspaceOf = ({ state }: World, team: string): Workspace | undefined =>
  state.workspaces.find(({ id }) => id === team)

export const personOf = ({ state }: World, team: string, id: string): Person | undefined =>
  state.people.find((one) => one.team === team && one.id === id)

export const conversationOf = ({ state }: World, team: string, id: string): Conversation | undefined =>
  state.conversations.find((one) => one.team === team && (one.id === id || (!one.im && `#${one.name}` === id)))

export const messageAt = ({ state }: World, team: string, channel: string, ts: string): Message | undefined =>
  state.messages.find((one) => one.team === team && one.channel === channel && one.ts === ts)

/** The direct message of the bot with somebody, opened where there is none yet. */
export const directMessage = (world: World, { id: team, bot }: Workspace, user: string): Conversation => {
  const found = world.state.conversations.find((one) => one.im && one.team === team && one.members[0] === user)
  if (found) return found
  const created = Math.floor(world.now() / 1000)
  const opened = { id: `D${user.slice(1)}`, team, name: user, im: true, members: [user, bot.user], created }
  world.state.conversations.push(opened)
  return opened
}

export const isBot = (world: World, { team, user }: Pick<Message, 'team' | 'user'>): boolean =>
  workspaceOf(world, team)?.bot.user === user
