import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { QueuedReply, type Script } from './script.ts'

const replies = { schema: { body: Type.Array(QueuedReply, { maxItems: 100 }) } }

/** What tests in other processes steer the stand-in with. */
export const controlRoutes = (app: FastifyInstance, script: Script): void => {
  app.post<{ Body: QueuedReply[] }>('/_sandbox/replies', replies, async (request, reply) => {
    script.queue(...request.body)
    reply.code(204)
  })
  app.get('/_sandbox/requests', async () => script.requests())
}
