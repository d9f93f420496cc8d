import type { AnyBlock, ModalView } from '@slack/types'

/** One Slack team that has the app installed. */
export interface Workspace {
  id: string
  domain: string
  name: string
  bot: { user: string; bot_id: string; token: string }
}

export interface Person {
  id: string
  team: string
  name: string
  real_name: string
  /** Null: a bot. */
  email: string | null
}

export interface Conversation {
  id: string
  team: string
  name: string
  /** A direct message between the bot and one person. */
  im: boolean
  members: string[]
  created: number
}

export interface Message {
  team: string
  channel: string
  ts: string
  /** The first message of the thread that this answers. */
  thread_ts: string | null
  user: string
  text: string
  blocks: AnyBlock[]
  edited: { user: string; ts: string } | null
  /** Who alone sees it: an ephemeral message. */
  only_for: string | null
  reactions: { name: string; users: string[]; count: number }[]
  metadata: unknown
}

/** A modal as it stands before somebody. */
export interface OpenView {
  id: string
  team: string
  user: string
  hash: string
  view: ModalView
  root: string
  previous: string | null
  /** What they have chosen in it so far. */
  values: Values
  /** What the app found wrong in what was submitted, by block. */
  errors: Record<string, string>
}

export type Values = Record<string, Record<string, { type: string; [key: string]: unknown }>>

/** What lets the app open a modal, or answer later: handed out with each interaction. */
export interface Trigger {
  id: string
  team: string
  user: string
  at: number
  used: boolean
}

export interface ResponseUrl {
  path: string
  team: string
  channel: string
  user: string
  /** The message that was clicked in. Null: it is of a command, and what it said cannot be replaced by it (bolt-python issue 1268). */
  ts: string | null
  uses: number
  at: number
}

export interface State {
  version: 1
  next: number
  last_ts: string
  workspaces: Workspace[]
  people: Person[]
  conversations: Conversation[]
  messages: Message[]
  views: OpenView[]
  triggers: Trigger[]
  response_urls: ResponseUrl[]
}

const KEPT = { messages: 2_000, triggers: 200, response_urls: 500, views: 50 }

/** Forgets the oldest, so that a sandbox that runs for weeks stays small. */
export const prune = (state: State): void => {
  for (const kind of ['messages', 'triggers', 'response_urls', 'views'] as const) {
    const list = state[kind]
    list.splice(0, Math.max(list.length - KEPT[kind], 0))
  }
}
