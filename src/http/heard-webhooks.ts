import type { FastifyRequest } from 'fastify'
import { clean } from '../thread/text.ts'
import type { App } from './deps.ts'

/** A webhook that came in, and what we made of it. `times`: the same refusal again and again is one. */
export interface HeardWebhook {
  at: string
  source: string
  event: string
  status: number
  verdict: string
  times: number
}

const MOST = 100
const WEBHOOKS = '/webhooks/'
// What says why is short; a longer answer is none of ours.
const MOST_SAID = 4_000

/** Remembers the last webhooks that came to this process. Whoever floods it with forged ones pushes out no more than one line. */
export const hearWebhooks = (app: App): (() => readonly HeardWebhook[]) => {
  const heard: HeardWebhook[] = []
  app.addHook('onSend', async (request, reply, payload) => {
    const { url = '' } = request.routeOptions
    if (!url.startsWith(WEBHOOKS)) return
    const status = reply.statusCode
    const one = {
      at: new Date().toISOString(),
      source: url.slice(WEBHOOKS.length),
      event: status === 401 ? '' : eventOf(request),
      status,
      verdict: reply.hasHeader('idempotency-replayed') ? 'taken before' : verdictOf(payload, status),
      times: 1,
    }
    const [latest] = heard
    if (latest && status >= 400 && isSame(latest, one)) Object.assign(latest, { at: one.at, times: latest.times + 1 })
    else heard.unshift(one)
    heard.splice(MOST)
  })
  return () => heard
}

const isSame = (a: HeardWebhook, b: HeardWebhook): boolean =>
  a.source === b.source && a.status === b.status && a.verdict === b.verdict

const eventOf = ({ headers, body }: FastifyRequest): string => {
  const named = headers['x-github-event'] ?? typeIn(body)
  return typeof named === 'string' ? clean(named.toWellFormed(), 60) : ''
}

/** Slack names what an event is about within it. */
const typeIn = (body: unknown): unknown => {
  const { type, event } = (body ?? {}) as { type?: unknown; event?: { type?: unknown } }
  return event?.type ?? type
}

const verdictOf = (payload: unknown, status: number): string => {
  const { ignored, code } = said(payload)
  if (typeof ignored === 'string') return `ignored: ${clean(ignored, 200)}`
  if (typeof code === 'string') return clean(code, 60)
  return status < 400 ? 'taken' : 'refused'
}

const said = (payload: unknown): { ignored?: unknown; code?: unknown } => {
  const text = typeof payload === 'string' || Buffer.isBuffer(payload) ? payload.toString() : ''
  if (text.length > MOST_SAID || !text.startsWith('{')) return {}
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
