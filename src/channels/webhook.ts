import { Webhook } from 'standardwebhooks'
import type { Channel, Notice } from '../agent/ports.ts'

const DEADLINE_MS = 5_000

/**
 * Tells another program, by a signed POST (Standard Webhooks), what a thread asks or how it ended.
 * One try: whoever missed it reads the thread, which says whether it arrived.
 * Without a secret (HUMAN_WEBHOOK_SECRET) nothing is sent.
 */
export const createWebhookChannel = (secret: string | null): Channel => ({
  name: 'webhook',
  deliver: (notice) => (secret === null ? Promise.resolve(UNSIGNED) : post(notice, new Webhook(secret))),
})

const UNSIGNED = { ok: false, message: 'HUMAN_WEBHOOK_SECRET is not set' }

const post = async ({ reply_to, ...notice }: Notice, webhook: Webhook): Promise<{ ok: boolean; message?: string }> => {
  const id = `${notice.thread_id}-${notice.seq}`
  const at = new Date()
  const type = notice.waiting_for === null ? 'thread.ended' : 'thread.waiting'
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data: notice })
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': webhook.sign(id, at, body),
  }
  try {
    const signal = AbortSignal.timeout(DEADLINE_MS)
    const answer = await fetch(reply_to.webhook, { method: 'POST', headers, body, signal, redirect: 'error' })
    await answer.body?.cancel()
    return answer.ok ? { ok: true } : { ok: false, message: `HTTP ${answer.status}` }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message.slice(0, 200) : 'failed' }
  }
}
