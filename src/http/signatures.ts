import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { Problem } from './errors.ts'

export const refused = (): Problem => new Problem(401, 'bad_signature', 'the signature does not fit the body')

const GITHUB = /^sha256=[0-9a-f]{64}$/

/** X-Hub-Signature-256: HMAC-SHA256 of the raw body, fed as it comes, compared in constant time. What is no signature is refused at once. */
export const gitHubCheck = (header: string | string[] | undefined, secret: string) => {
  if (typeof header !== 'string' || !GITHUB.test(header)) throw refused()
  const hmac = createHmac('sha256', secret)
  return {
    feed: (bytes: Buffer): void => void hmac.update(bytes),
    verify: (): void => {
      if (!timingSafeEqual(Buffer.from(header.slice('sha256='.length), 'hex'), hmac.digest())) throw refused()
    },
  }
}

const SLACK = /^v0=[0-9a-f]{64}$/
const SLACK_WINDOW_S = 300

/** X-Slack-Signature: HMAC-SHA256 of version, time and raw body, compared in constant time. Within five minutes, both ways. */
export const verifySlack = (body: Buffer, headers: IncomingHttpHeaders, secret: string, now = Date.now()): void => {
  const timestamp = String(headers['x-slack-request-timestamp'] ?? '')
  const signature = String(headers['x-slack-signature'] ?? '')
  if (!/^\d{1,12}$/.test(timestamp) || !SLACK.test(signature)) throw refused()
  if (Math.abs(now / 1000 - Number(timestamp)) > SLACK_WINDOW_S) throw refused()
  const hmac = createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body)
  if (!timingSafeEqual(Buffer.from(signature.slice('v0='.length), 'hex'), hmac.digest())) throw refused()
}

/**
 * Standard Webhooks, and Svix which it came from: the same scheme under two names. Within five minutes, both ways.
 * While secrets are changed any of them counts.
 */
export const verifyStandard = (
  body: Buffer,
  headers: IncomingHttpHeaders,
  secrets: readonly string[],
): { id: string } => {
  const pick = (name: string): string => String(headers[`webhook-${name}`] ?? headers[`svix-${name}`] ?? '')
  const signed = {
    'webhook-id': pick('id'),
    'webhook-timestamp': pick('timestamp'),
    'webhook-signature': pick('signature'),
  }
  if (!secrets.some((secret) => verifies(new Webhook(secret), body, signed))) throw refused()
  return { id: signed['webhook-id'] }
}

const verifies = (webhook: Webhook, body: Buffer, signed: Record<string, string>): boolean => {
  try {
    webhook.verify(body, signed, { jsonParse: false })
    return true
  } catch {
    return false
  }
}
