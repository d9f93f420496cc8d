import type { FastifyRequest } from 'fastify'
import type { App, AppDeps } from './deps.ts'
import { Problem } from './errors.ts'
import { remembered } from './remembered.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** As what this request was let in and not yet left. */
    admitted: Kind | null
  }
}

/** What a request is to us where there is not room for all. */
type Kind = 'launch' | 'read' | 'stream' | 'page' | 'decision'

/**
 * How many of each may be at the database at once; ten connections serve them. What people decide has room of its own,
 * so that no burst of new work and no crowd of readers stands before it. A live stream asks every two seconds; open pages
 * are asked for all together.
 */
const ROOM: Record<Kind, number> = { launch: 64, read: 128, stream: 200, page: 1_000, decision: 512 }

// At the pace of a real model one process works off some ten threads a second: this is a wait of minutes.
const MOST_WAITING = 1_000
const REMEMBER_MS = 250

const NEW_WORK = ['/threads', '/threads/:id/fork']
const ALWAYS = ['/health', '/metrics']

const kindOf = ({ method, headers, routeOptions: { url = '' } }: FastifyRequest): Kind | null => {
  // A page without its style would be none, and what is in memory costs nothing.
  if (ALWAYS.includes(url) || url.startsWith('/assets/')) return null
  if (method === 'POST') return NEW_WORK.includes(url) ? 'launch' : 'decision'
  if (url === '/live') return 'page'
  return url === '/threads/:id/events' && wantsStream(headers) ? 'stream' : 'read'
}

export const wantsStream = ({ accept = '' }: FastifyRequest['headers']): boolean =>
  /\btext\/event-stream\b/.test(accept)

/** Whether this request may be turned away when the process itself can hardly go on. */
export const canWait = (request: FastifyRequest): boolean => {
  const kind = kindOf(request)
  return kind !== null && kind !== 'decision'
}

export const overloaded = (detail: string, seconds: number): Problem =>
  new Problem(503, 'overloaded', detail, { headers: { 'retry-after': String(seconds) } })

/** Lets in as many requests as can be served in time, and tells the others at once when to come back. */
export const admission = (app: App, { listing }: Pick<AppDeps, 'listing'>): void => {
  const inside: Record<Kind, number> = { launch: 0, read: 0, stream: 0, page: 0, decision: 0 }
  // A database that does not answer says so to the request itself.
  const waiting = remembered(REMEMBER_MS, () => listing.countDue(MOST_WAITING).catch(() => 0))

  const leave = (request: FastifyRequest): void => {
    if (request.admitted) inside[request.admitted] -= 1
    request.admitted = null
  }

  const enter = (request: FastifyRequest): Kind | null => {
    const kind = kindOf(request)
    if (kind !== null && inside[kind] >= ROOM[kind]) throw overloaded('too many requests at once; try again', 1)
    return kind
  }

  app.decorateRequest('admitted', null)
  // Turned away before anything is read of it, and let in only with its whole body here: who sends it slowly takes no place.
  app.addHook('onRequest', async (request) => void enter(request))
  app.addHook('preValidation', async (request, reply) => {
    const kind = enter(request)
    if (kind === null) return
    inside[kind] += 1
    request.admitted = kind
    if (kind === 'stream' || kind === 'page') reply.raw.once('close', () => leave(request))
    if (kind === 'launch' && (await waiting()) >= MOST_WAITING) {
      throw overloaded('too many threads wait to be worked on; try again', 5)
    }
  })
  // Every answer comes by here, also one that nobody waits for any more; only streams write theirs by themselves.
  app.addHook('onSend', async (request) => leave(request))
}
