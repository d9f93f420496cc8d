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

/** Where somebody can be told something: a program, the readers of a pull request, people, or another thread. */
export type Address =
  | { webhook: string }
  | { pull_request: number; repository: string }
  | { slack: SlackAddress }
  | { email: EmailAddress }
  | { sms: string }
  | { thread: string }

export type Way = 'webhook' | 'github_comment' | 'slack' | 'email' | 'sms' | 'thread'

export const wayOf = (address: Address): Way => {
  if ('webhook' in address) return 'webhook'
  if ('pull_request' in address) return 'github_comment'
  if ('slack' in address) return 'slack'
  if ('email' in address) return 'email'
  if ('sms' in address) return 'sms'
  return 'thread'
}

/** One name for each address, however it is written. */
export const keyOf = (address: Address): string => {
  if ('webhook' in address) return `webhook:${address.webhook}`
  if ('pull_request' in address) return `github_comment:${address.repository}#${address.pull_request}`
  if ('slack' in address) return `slack:${slackKey(address.slack)}`
  if ('email' in address) return `email:${address.email.to.toLowerCase()}`
  if ('sms' in address) return `sms:${address.sms}`
  return `thread:${address.thread}`
}

const slackKey = ({ team, channel, thread_ts }: SlackAddress): string =>
  [team, channel, ...(thread_ts === undefined ? [] : [thread_ts])].join('/')
