import { createHmac } from 'node:crypto'
import { nextOwed, sequenceOf } from './deliveries.ts'
import { webhookPayload } from './shapes/webhook.ts'
import type { DeliveryRecord } from './subjects.ts'
import { hookId, type World } from './world.ts'

export interface Webhook {
  url: string
  secret?: string
}

export interface Sender {
  /** There may be something to send. */
  wake(): void
  set(webhook: Webhook): void
  close(): void
}

// GitHub sends each on its own: one after the other they would come later and later while much is going on.
const AT_ONCE = 64

/** Sends what is owed, and never again by itself: a receiver that was away has to ask. What one run has to tell comes in order. */
export const createSender = (world: World, save: () => void, first: Webhook | undefined): Sender => {
  let webhook = first
  const underWay = new Set<string>()
  const closing = new AbortController()
  const send = async (owed: DeliveryRecord, to: Webhook) => {
    const sequence = sequenceOf(owed)
    underWay.add(sequence)
    try {
      await deliver(world, owed, to, closing.signal)
      if (!closing.signal.aborted) save()
    } finally {
      underWay.delete(sequence)
    }
    wake()
  }
  const wake = () => {
    while (webhook && !closing.signal.aborted && underWay.size < AT_ONCE) {
      const owed = nextOwed(world, underWay)
      if (!owed) return
      void send(owed, webhook)
    }
  }
  return {
    wake,
    set(next) {
      webhook = next
      wake()
    },
    close: () => closing.abort(),
  }
}

const deliver = async (
  world: World,
  delivery: DeliveryRecord,
  webhook: Webhook,
  closing: AbortSignal,
): Promise<void> => {
  const times = world.faults.webhooks === 'twice' ? 2 : 1
  for (let time = 0; time < times; time += 1) {
    delivery.status_code = await post(world, webhook, delivery, closing)
    // Closing is not an answer: what was under way stays owed, and goes out after the restart.
    if (closing.aborted) return
  }
  delivery.outcome = delivery.status_code >= 200 && delivery.status_code < 300 ? 'sent' : 'failed'
}

const post = async (
  world: World,
  webhook: Webhook,
  delivery: DeliveryRecord,
  closing: AbortSignal,
): Promise<number> => {
  try {
    // In here, because a run that was pruned since can no longer be told: that fails like a receiver that is away.
    const body = JSON.stringify(webhookPayload(world, delivery.subject))
    const signal = AbortSignal.any([closing, AbortSignal.timeout(10_000)]) // GitHub gives a receiver 10 s
    const answer = await fetch(webhook.url, {
      method: 'POST',
      body,
      headers: headersOf(webhook, delivery, body),
      signal,
    })
    await answer.body?.cancel()
    return answer.status
  } catch {
    return 0
  }
}

const headersOf = (webhook: Webhook, delivery: DeliveryRecord, body: string): Record<string, string> => ({
  'content-type': 'application/json',
  'user-agent': 'GitHub-Hookshot/sandbox',
  'x-github-delivery': delivery.guid,
  'x-github-event': delivery.subject.event,
  'x-github-hook-id': String(hookId),
  ...(webhook.secret && {
    'x-hub-signature-256': `sha256=${createHmac('sha256', webhook.secret).update(body).digest('hex')}`,
  }),
})
