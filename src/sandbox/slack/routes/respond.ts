import type { FastifyInstance } from 'fastify'
import { Refused, refusal } from '../refused.ts'
import { respond } from '../respond.ts'
import type { World } from '../world.ts'

const USES = 5
const VALID_MS = 30 * 60_000

/** The response_urls that were handed out. The address itself is the right to use it. */
export const respondRoutes = (app: FastifyInstance, world: World): void => {
  for (const kind of ['actions', 'commands']) {
    app.post(`/${kind}/:team/:secret`, (request, reply) => {
      const path = request.url.split('?')[0] ?? ''
      const url = world.state.response_urls.find((one) => one.path === path)
      if (!url || world.now() - url.at > VALID_MS) return reply.code(404).send({ ok: false, error: 'expired_url' })
      if (url.uses >= USES) return reply.code(404).send({ ok: false, error: 'used_url' })
      url.uses += 1
      try {
        respond(world, url, request.body)
      } catch (error) {
        if (!(error instanceof Refused)) throw error
        return reply.code(400).send(refusal(error))
      }
      return reply.type('text/plain').send('ok')
    })
  }
}
