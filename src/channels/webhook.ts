import { Webhook } from 'standardwebhooks'
import type { Channel, Hosts, Notice, Told } from '../agent/ports.ts'
import { refusalOf } from '../thread/contact/webhook-url.ts'
import { never, outcomeOf } from './webhook/outcome.ts'
import { idOf, payloadOf } from './webhook/payload.ts'
import { post } from './webhook/post.ts'

type ToProgram = Notice<{ webhook: string }>

export interface WebhookOptions {
  /** Each signs; while they are changed a receiver knows one of them. None: nothing is sent. */
  secrets: readonly string[]
  publicUrl: string
  /** Names of hosts that may be in a private network. */
  privateHosts?: readonly string[]
  hosts?: Hosts
  deadlineMs?: number
}

/**
 * Tells another program by a signed POST (Standard Webhooks). One try a call: what comes of it says whether another may come later.
 * The log makes it again, with the same `webhook-id` and a fresh timestamp.
 */
export const createWebhookChannel = (options: WebhookOptions): Channel<{ webhook: string }> => ({
  name: 'webhook',
  deliver: async (notice: ToProgram): Promise<Told> => {
    const { secrets, publicUrl, privateHosts = [], hosts, deadlineMs } = options
    if (secrets.length === 0) return never('HUMAN_WEBHOOK_SECRET is not set')
    const refusal = refusalOf(notice.address.webhook, privateHosts)
    if (refusal !== null) return never(refusal)
    const url = new URL(notice.address.webhook)
    const at = new Date()
    const id = idOf(notice)
    const body = JSON.stringify(payloadOf(notice, publicUrl, at))
    const trusted = privateHosts.includes(url.hostname)
    return outcomeOf(
      await post(url, signedHeaders(secrets, id, at, body), body, { trusted, hosts, deadlineMs }),
      id,
      at,
    )
  },
})

/** One signature for each secret, as the standard has it for the time in which a secret is changed. */
export const signedHeaders = (secrets: readonly string[], id: string, at: Date, body: string) => ({
  'content-type': 'application/json',
  'content-length': String(Buffer.byteLength(body)),
  'user-agent': 'deploybot',
  'webhook-id': id,
  'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
  'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
})
