import { createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Webhook } from 'standardwebhooks'
import { Problem } from './errors.ts'

const refused = (): Problem => new Problem(401, 'bad_signature', 'the signature does not fit the body')

/** X-Hub-Signature-256: HMAC-SHA256 of the raw body, compared in constant time. */
export const verifyGitHub = (body: Buffer, header: string | string[] | undefined, secret: string): void => {
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`)
  const given = Buffer.from(typeof header === 'string' ? header : '')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw refused()
}

/** Standard Webhooks, and Svix which it came from: the same scheme under two names. Within five minutes, both ways. */
export const verifyStandard = (body: Buffer, headers: IncomingHttpHeaders, secret: string): { id: string } => {
  const pick = (name: string): string => String(headers[`webhook-${name}`] ?? headers[`svix-${name}`] ?? '')
  const signed = {
    'webhook-id': pick('id'),
    'webhook-timestamp': pick('timestamp'),
    'webhook-signature': pick('signature'),
  }
  try {
    new Webhook(secret).verify(body, signed)
  } catch {
    throw refused()
  }
  return { id: signed['webhook-id'] }
}
