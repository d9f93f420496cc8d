import { randomUUID } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import type { createApi } from './service.ts'

export const HUMAN_SECRET = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`

/** A service that speaks for people, as it calls /webhooks/human: signed, by either name of the scheme. */
export const createHuman =
  (call: ReturnType<typeof createApi>['call']) =>
  (
    payload: object,
    { family = 'webhook', id = `msg_${randomUUID()}`, at = new Date(), tamper = '', secret = HUMAN_SECRET } = {},
  ) => {
    const body = JSON.stringify(payload)
    return call('/webhooks/human', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [`${family}-id`]: id,
        [`${family}-timestamp`]: String(Math.floor(at.getTime() / 1000)),
        [`${family}-signature`]: new Webhook(secret).sign(id, at, body),
      },
      body: body + tamper,
    })
  }
