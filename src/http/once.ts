import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import type { TakenOnce } from '../agent/ports.ts'
import type { Event } from '../thread/event.ts'
import { viewOf } from '../thread/view.ts'
import { Problem } from './errors.ts'

const KEY = /^[\x21-\x7e]{1,200}$/

export const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\n')
  return hash.digest('hex')
}

/** A request with an Idempotency-Key is taken once, each caller with keys of their own; its duplicates get the same answer. */
export const takenOnce = (request: FastifyRequest, status: number): TakenOnce | undefined => {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !KEY.test(key)) {
    throw new Problem(400, 'bad_idempotency_key', 'Idempotency-Key must be 1 to 200 printable ASCII characters')
  }
  const { actor, method, url, rawBody } = request
  const who = 'id' in actor ? `${actor.kind}/${actor.id}` : actor.kind
  return {
    source: `key/${who}`,
    id: key,
    body_hash: sha256(method, url, rawBody ?? ''),
    answer: (events: Event[]) => ({ status, body: viewOf(events) }),
  }
}
