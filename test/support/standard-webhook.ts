import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'

/** The headers that sign a body as Standard Webhooks do, each once unless the `id` is given; by the other name of the scheme too. */
export const signatureOf = (
  secret: string,
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date(), family = 'webhook' } = {},
): Record<string, string> => ({
  [`${family}-id`]: id,
  [`${family}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
  [`${family}-signature`]: new Webhook(secret).sign(id, at, body),
})
