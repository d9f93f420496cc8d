import type { FastifyRequest } from 'fastify'
import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { apiFor } from './api.ts'

/** Other agents' tools (MCP, streamable HTTP): one POST, one JSON answer, no session. */
export const mcpRoutes = (app: App, deps: AppDeps): void => {
  const { log, publicUrl } = deps
  const preHandler = requireScope(deps, 'read', 'ask', 'approve', 'operate')

  app.post('/mcp', { preHandler, schema: { summary: 'Model Context Protocol, stateless' } }, async (request, reply) => {
    if (Array.isArray(request.body)) throw new Problem(400, 'no_batches', 'one message a request')
    // Loaded when somebody comes: it is 0.19 s of every start, which took 0.8 s without it.
    const { answer } = await import('./server.ts')
    const tooling = { api: apiFor(app, request), log, publicUrl }
    const { status, headers, text } = await answer(asRequest(request, publicUrl), request.body, tooling)
    return reply.code(status).headers(headers).send(text)
  })

  // No session to end, and nothing that we would say unasked. Clients take this answer for exactly that.
  app.route({ method: ['GET', 'DELETE'], url: '/mcp', preHandler, schema: { hide: true }, handler: () => noStream() })
}

const noStream = (): never => {
  throw new Problem(405, 'method_not_allowed', 'there are no sessions here: POST', { headers: { allow: 'POST' } })
}

/** Its body has been read, strictly. */
const asRequest = ({ headers }: FastifyRequest, publicUrl: string): Request => {
  const kept = ['accept', 'content-type', 'mcp-protocol-version'].flatMap((name) => {
    const value = headers[name]
    return typeof value === 'string' ? [[name, value] as [string, string]] : []
  })
  return new Request(`${publicUrl}/mcp`, { method: 'POST', headers: kept })
}
