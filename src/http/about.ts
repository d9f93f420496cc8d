import type { FastifyRequest } from 'fastify'
import { isThreadId } from './schemas/requests.ts'

/** What a log line about this request names, so that it is found among the other lines about its thread or delivery. */
export const aboutRequest = ({ params, headers }: FastifyRequest): { thread_id?: string; delivery_id?: string } => {
  const { id } = (params ?? {}) as { id?: string }
  const delivery = headers['x-github-delivery'] ?? headers['webhook-id'] ?? headers['idempotency-key']
  return {
    ...(id !== undefined && isThreadId(id) ? { thread_id: id } : {}),
    ...(typeof delivery === 'string' ? { delivery_id: delivery.slice(0, 100) } : {}),
  }
}
