import type { AddressInfo } from 'node:net'
import { App, HTTPReceiver, LogLevel } from '@slack/bolt'
import { WebClient } from '@slack/web-api'
import { onTestFinished } from 'vitest'
import { type SandboxSlack, type SandboxSlackOptions, startSandboxSlack } from '../../../src/sandbox/slack/server.ts'

export const signingSecret = '8f742231b10e8888abcd99yyyzzz85a5'

const nothing = () => undefined
const silent = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: nothing,
  setLevel: nothing,
  getLevel: () => LogLevel.ERROR,
  setName: nothing,
}

/** Slack's client as it comes, but that it says at once what went wrong. */
export const clientOf = (sandbox: SandboxSlack, token: string | undefined = sandbox.botToken): WebClient =>
  new WebClient(token, {
    slackApiUrl: sandbox.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: silent,
  })

/** A sandbox that ends with the test, a real client to talk to it, and its strings. */
export const open = async (options: SandboxSlackOptions = {}) => {
  const sandbox = await startSandboxSlack({ retryMs: [0, 20, 20], ...options })
  onTestFinished(sandbox.close)
  return { sandbox, client: clientOf(sandbox), control: controlOf(sandbox) }
}

const controlOf =
  ({ url }: SandboxSlack) =>
  async <T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${url}/_sandbox${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as T
  }

/** An app on Slack's own framework, which verifies, acknowledges and answers as its authors hold right. */
export const openBolt = async (sandbox: SandboxSlack): Promise<App> => {
  const receiver = new HTTPReceiver({ signingSecret, logLevel: LogLevel.ERROR, unhandledRequestTimeoutMillis: 3_001 })
  const clientOptions = { slackApiUrl: sandbox.apiUrl }
  const app = new App({ token: sandbox.botToken, receiver, clientOptions, logLevel: LogLevel.ERROR })
  const server = await app.start({ port: 0, host: '127.0.0.1' })
  onTestFinished(async () => void (await app.stop()))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`
  sandbox.setRequestUrls({ events: url, interactions: url, commands: url, signingSecret })
  return app
}

export interface Delivered {
  id: string
  type: string
  status: number
  ms: number
  retry: number
  failure: string | null
  event_id: string | null
  body: string
  payload: Record<string, unknown>
}

/** The code with which Slack said no, and why. */
export const refusalOf = async (call: Promise<unknown>): Promise<{ error: string; messages: string[] }> => {
  try {
    await call
  } catch (failure) {
    const { data } = failure as { data?: { error: string; response_metadata?: { messages?: string[] } } }
    if (data) return { error: data.error, messages: data.response_metadata?.messages ?? [] }
    throw failure
  }
  throw new Error('it was not refused')
}
