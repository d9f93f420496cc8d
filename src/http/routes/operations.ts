import { Histogram, type Registry } from 'prom-client'
import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** For operators and their machines. */
export const operationRoutes = (app: App, deps: AppDeps): void => {
  const { health, registry } = deps
  const hidden = { schema: { hide: true } }
  app.get('/health', hidden, async () => ({ status: 'ok' }))

  app.get('/ready', hidden, async () => {
    const state = await health()
    if (!state.ok) throw new Problem(503, 'not_ready', state.reason, { headers: { 'retry-after': '2' } })
    return { status: 'ready' }
  })

  measureRequests(app, registry)
  app.get('/metrics', { ...hidden, preHandler: requireScope(deps, 'read') }, async (_, reply) =>
    reply
      .type(registry.contentType)
      .serializer(String)
      .send(await registry.metrics()),
  )
}

const measureRequests = (app: App, registry: Registry): void => {
  const duration = new Histogram({
    name: 'deploybot_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    // The route's pattern, never the address: that holds thread ids.
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode }
    duration.observe(labels, reply.elapsedTime / 1000)
  })
}
