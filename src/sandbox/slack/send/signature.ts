import { createHmac } from 'node:crypto'

/** Slack's v0: the raw body and the time together, so that neither can be taken from another request. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:${body}`).digest('hex')}`
