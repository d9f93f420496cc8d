import { type Logger, LogLevel, WebClient } from '@slack/web-api'
import type { FindWorkspace, Hosts } from '../../agent/ports.ts'

const DEADLINE_MS = 5_000

export interface SlackOptions {
  find: FindWorkspace
  /** Where Slack's API is, with its `/api/`. */
  apiUrl?: string
  publicUrl: string
  /** Keeps us from waiting for a Slack that does not answer. */
  hosts?: Hosts
  deadlineMs?: number
}

/** The workspace has not installed us, or removed us. */
export class NotInstalled extends Error {}

// What goes wrong is an answer of ours; the client would print it besides.
const quiet: Logger = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

/**
 * A client that never tries again by itself: a delivery is an event and the thread decides when the next one is, where the
 * client would hold the worker for half an hour (ten times, by default).
 */
export const clientFor = (token: string | undefined, apiUrl?: string, deadlineMs = DEADLINE_MS): WebClient =>
  new WebClient(token, {
    ...(apiUrl === undefined ? {} : { slackApiUrl: apiUrl }),
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: deadlineMs,
    logger: quiet,
  })

/** One client a workspace. */
export const createClients = ({ find, apiUrl, deadlineMs }: SlackOptions) => {
  const known = new Map<string, { token: string; client: WebClient }>()

  return async (team: string): Promise<WebClient> => {
    const workspace = await find(team)
    if (workspace === null) throw new NotInstalled(`Deploybot is not installed in the Slack workspace ${team}`)
    const { token } = workspace
    const before = known.get(team)
    // Installed anew, a workspace has another token.
    if (before?.token === token) return before.client
    const client = clientFor(token, apiUrl, deadlineMs)
    known.set(team, { token, client })
    return client
  }
}
