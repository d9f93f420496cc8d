import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'

/** Answers carry a tag, and whoever has this very answer already is told so in short. At GitHub that costs nothing of the limit. */
export const etags = (app: FastifyInstance): void => {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const tag = `W/"${createHash('sha256').update(payload).digest('hex')}"`
    reply.header('etag', tag)
    if (request.headers['if-none-match'] !== tag) return payload
    reply.code(304)
    return ''
  })
}
