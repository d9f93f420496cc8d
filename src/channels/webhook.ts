import { Webhook } from 'standardwebhooks'
import type { Channel, Hosts, Notice, Told } from '../agent/ports.ts'

const DEADLINE_MS = 5_000

type ToProgram = Notice<{ webhook: string }>

/**
 * Tells another program, by a signed POST (Standard Webhooks), what a thread asks or how it ended.
 * One try: whoever missed it reads the thread, which says whether it arrived.
 * Without a secret (HUMAN_WEBHOOK_SECRET) nothing is sent, and a program that is down is not waited for.
 */
export const createWebhookChannel = (secret: string | null, hosts?: Hosts): Channel<{ webhook: string }> => ({
  name: 'webhook',
  deliver: async (notice: ToProgram): Promise<Told> => {
    if (secret === null) return { ok: false, message: 'HUMAN_WEBHOOK_SECRET is not set' }
    const { host } = new URL(notice.address.webhook)
    if (hosts && (await hosts.pauseOf(host)) > 0) {
      return { ok: false, message: `${host} is not answering; it was not tried` }
    }
    const { status, error } = await post(notice, new Webhook(secret))
    hosts?.report(host, status === null || status >= 500)
    if (status === null) return { ok: false, message: error }
    return status >= 200 && status < 300 ? { ok: true } : { ok: false, message: `HTTP ${status}` }
  },
})

type Answered = { status: number; error?: never } | { status: null; error: string }

const post = async (
  { thread_id, seq, address, waiting_for, status }: ToProgram,
  webhook: Webhook,
): Promise<Answered> => {
  const id = `${thread_id}-${seq}`
  const at = new Date()
  const type = waiting_for === null ? 'thread.ended' : 'thread.waiting'
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data: { thread_id, seq, waiting_for, status } })
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, at, body),
  }
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const answer = await fetch(address.webhook, { method: 'POST', headers, body, signal, redirect: 'manual' })
    await answer.body?.cancel()
    return { status: answer.status }
  } catch (error) {
    return { status: null, error: error instanceof Error ? error.message.slice(0, 200) : 'failed' }
  }
}
