import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { Delivery, TakenOnce } from '../agent/ports.ts'
import type { Event } from '../thread/event.ts'
import { viewOf } from '../thread/view.ts'
import { Problem } from './errors.ts'

const KEY = /^[\x21-\x7e]{1,200}$/

export const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\n')
  return hash.digest('hex')
}

/**
 * A request with an Idempotency-Key is taken once, each caller with keys of their own, and so is one with a job's token, by the token's
 * own number; its duplicates get the same answer. With both, both count: the token is used up, and the key outlives it.
 */
export const takenOnce = (request: FastifyRequest, status: number): TakenOnce | undefined => {
  const [first, also] = [keyOf(request), tokenOf(request)].filter((sign) => sign !== null)
  if (!first) return undefined
  const answer = (events: Event[]) => ({ status, body: viewOf(events) })
  return { ...first, ...(also ? { also } : {}), answer }
}

const keyOf = (request: FastifyRequest): Delivery | null => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return null
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new Problem(400, 'bad_idempotency_key', 'Idempotency-Key must be 1 to 200 printable ASCII characters')
  }
  const { actor } = request
  const who = 'id' in actor ? `${actor.kind}/${actor.id}` : actor.kind
  return { source: `key/${who}`, id: key, body_hash: hashOf(request) }
}

const tokenOf = (request: FastifyRequest): Delivery | null =>
  request.job && { source: 'oidc', id: request.job.jti, body_hash: hashOf(request) }

const hashOf = ({ method, url, rawBody }: FastifyRequest): string => sha256(method, url, rawBody ?? '')
