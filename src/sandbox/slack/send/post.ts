import type { World } from '../world.ts'
import { signatureOf } from './signature.ts'

/** Why Slack holds a request for failed; the words of X-Slack-Retry-Reason. */
export type Failure = 'http_timeout' | 'http_error' | 'connection_failed' | 'not_configured'

export interface Acknowledgement {
  /** 0: there was no answer. */
  status: number
  ms: number
  text: string
  failure: Failure | null
  /** The app asked not to be told again. */
  no_retry: boolean
}

export interface Outgoing {
  url: string | undefined
  body: string
  type: 'application/json' | 'application/x-www-form-urlencoded'
  headers?: Record<string, string>
}

/** Sends one signed request as Slack does, and waits as long as Slack does. */
export const post = async (world: World, { url, body, type, headers }: Outgoing): Promise<Acknowledgement> => {
  const { urls } = world
  if (!url || !urls) return { status: 0, ms: 0, text: '', failure: 'not_configured', no_retry: true }
  const timestamp = String(Math.floor(world.now() / 1000))
  const signed = {
    'content-type': type,
    accept: '*/*',
    'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
    'x-slack-request-timestamp': timestamp,
    'x-slack-signature': signatureOf(urls.signingSecret, timestamp, body),
    ...headers,
  }
  const timeout = AbortSignal.timeout(world.ackMs)
  const from = performance.now()
  const spent = () => Math.round(performance.now() - from)
  try {
    const signal = AbortSignal.any([timeout, world.closing])
    const answer = await fetch(url, { method: 'POST', body, headers: signed, signal, redirect: 'manual' })
    const text = await answer.text()
    const no_retry = answer.headers.get('x-slack-no-retry') === '1'
    return { status: answer.status, ms: spent(), text, failure: answer.ok ? null : 'http_error', no_retry }
  } catch {
    const failure = timeout.aborted ? 'http_timeout' : 'connection_failed'
    return { status: 0, ms: spent(), text: '', failure, no_retry: false }
  }
}
