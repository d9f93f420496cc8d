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

const MOST_SKEW_S = 300

/**
 * Standard Webhooks (and Svix, where it came from), over bytes as they come. The library makes text of a body before it checks it: of a
 * mail in another encoding than UTF-8 it would check other bytes than were signed.
 */
export const standardCheck = (headers: IncomingHttpHeaders, secret: string, now = Date.now()) => {
  const { id, timestamp, signature } = signedIn(headers)
  if (id === '' || !/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > MOST_SKEW_S)
    throw refused()
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const hmac = createHmac('sha256', key).update(`${id}.${timestamp}.`)
  return {
    feed: (bytes: Buffer): void => void hmac.update(bytes),
    verify: (): void => {
      const expected = hmac.digest()
      const given = signature
        .split(' ')
        .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
      if (!given.some((one) => one.length === expected.length && timingSafeEqual(one, expected))) throw refused()
    },
  }
}

const signedIn = (headers: IncomingHttpHeaders) => {
  const pick = (name: string): string => String(headers[`webhook-${name}`] ?? headers[`svix-${name}`] ?? '')
  return { id: pick('id'), timestamp: pick('timestamp'), signature: pick('signature') }
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
  const { id, timestamp, signature } = signedIn(headers)
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature }
  if (!secrets.some((secret) => verifies(new Webhook(secret), body, signed))) throw refused()
  return { id }
}

const verifies = (webhook: Webhook, body: Buffer, signed: Record<string, string>): boolean => {
  try {
    webhook.verify(body, signed, { jsonParse: false })
    return true
  } catch {
    return false
  }
}
