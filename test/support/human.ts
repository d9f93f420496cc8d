import type { createApi } from './service.ts'
import { signatureOf } from './standard-webhook.ts'

export const HUMAN_SECRET = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`

interface Options {
  family?: string
  id?: string
  at?: Date
  tamper?: string
  secret?: string
}

/** A service that speaks for people, as it calls /webhooks/human: signed, by either name of the scheme. */
export const createHuman =
  (call: ReturnType<typeof createApi>['call']) =>
  (payload: object, { tamper = '', secret = HUMAN_SECRET, ...more }: Options = {}) => {
    const body = JSON.stringify(payload)
    return call('/webhooks/human', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...signatureOf(secret, body, more) },
      body: body + tamper,
    })
  }
