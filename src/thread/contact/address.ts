import type { Json } from '../facts/json.ts'

/** Where a conversation at Slack goes on. `channel` may be a person's id (`U…`): a message to them alone. */
export interface SlackAddress {
  team: string
  channel: string
  thread_ts?: string
}

/** Where a conversation by mail goes on: with what it began with, so that a mail program shows it as one. */
export interface EmailAddress {
  to: string
  subject?: string
  /** Message-ID of the mail that is answered, and those before it. */
  in_reply_to?: string
  references?: string[]
}

/** Whom a service that speaks for people is to reach, in its own form. Without: whoever it reaches by itself. */
export interface HumanLayerAddress {
  channel?: Json
}

/** Where somebody can be told something: a program, the readers of a pull request, people, or another thread. */
export type Address =
  | { webhook: string }
  | { pull_request: number; repository: string }
  | { slack: SlackAddress }
  | { email: EmailAddress }
  | { sms: string }
  | { thread: string }
  | { humanlayer: HumanLayerAddress }

export type Way = 'webhook' | 'github_comment' | 'slack' | 'email' | 'sms' | 'thread' | 'humanlayer'

export const wayOf = (address: Address): Way => {
  if ('webhook' in address) return 'webhook'
  if ('pull_request' in address) return 'github_comment'
  if ('slack' in address) return 'slack'
  if ('email' in address) return 'email'
  if ('sms' in address) return 'sms'
  return 'thread' in address ? 'thread' : 'humanlayer'
}

/** One name for each address, however it is written. */
export const keyOf = (address: Address): string => {
  if ('webhook' in address) return `webhook:${address.webhook}`
  if ('pull_request' in address) return `github_comment:${address.repository}#${address.pull_request}`
  if ('slack' in address) return `slack:${slackKey(address.slack)}`
  if ('email' in address) return `email:${address.email.to.toLowerCase()}`
  if ('sms' in address) return `sms:${address.sms}`
  if ('thread' in address) return `thread:${address.thread}`
  return `humanlayer:${inOrder(address.humanlayer.channel ?? null)}`
}

const slackKey = ({ team, channel, thread_ts }: SlackAddress): string =>
  [team, channel, ...(thread_ts === undefined ? [] : [thread_ts])].join('/')

/** The same for the same value: the log gives the keys of objects back in another order. */
const inOrder = (value: Json): string =>
  JSON.stringify(value, (_, part: Json) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
