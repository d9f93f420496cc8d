import { createHmac, randomUUID } from 'node:crypto'
import { GITHUB_SECRET } from './service.ts'

/** X-Hub-Signature-256 of a body. */
export const signed = (body: string | Buffer, secret = GITHUB_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

/** Sends what GitHub would: signed, under a delivery id of its own. */
export const deliver = async (
  url: string,
  event: string,
  body: string | Buffer,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(`${url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signed(body),
      ...headers,
    },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  })
  const text = await answer.text()
  return { status: answer.status, body: text === '' ? null : JSON.parse(text) }
}
