import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused, refusal } from './refused.ts'

/** Forms and JSON are read; only JSON steers the sandbox, as no other web page can send that unasked. */
export const guard = (app: FastifyInstance): void => {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
    done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  )
  app.addHook('onRequest', async (request, reply) => {
    // A web page must not reach this server under a name of its own that resolves to loopback.
    if (request.hostname !== '127.0.0.1' && request.hostname !== 'localhost')
      return reply.code(403).send({ ok: false, error: 'loopback_only' })
    if (request.method === 'POST' && isControl(request) && !isJson(request))
      return reply.code(415).send({ ok: false, error: 'json_only' })
  })
  app.setNotFoundHandler((_request, reply) => reply.code(404).send({ ok: false, error: 'not_found' }))
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    if (error instanceof Refused) return reply.code(400).send(refusal(error))
    const invalid = error.statusCode !== undefined && error.statusCode < 500
    if (!invalid) return reply.code(500).send({ ok: false, error: 'internal_error', message: error.message })
    // Slack answers 200 to whatever it could read the method of.
    if (request.url.startsWith('/api/')) return reply.code(200).send({ ok: false, error: unreadable(request) })
    return reply.code(error.statusCode ?? 400).send({ ok: false, error: 'invalid_arguments', message: error.message })
  })
}

const unreadable = (request: FastifyRequest): string => (isJson(request) ? 'invalid_json' : 'invalid_post_type')

const isControl = ({ url }: FastifyRequest): boolean => url.startsWith('/_sandbox/')

const isJson = ({ headers }: FastifyRequest): boolean => /^application\/json\b/.test(headers['content-type'] ?? '')
