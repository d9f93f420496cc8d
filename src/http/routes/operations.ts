import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]

/** For operators and their machines. */
export const operationRoutes = (app: App, deps: AppDeps): void => {
  const hidden = { schema: { hide: true } }
  app.get('/health', hidden, async () => ({ status: 'ok' }))

  app.get('/ready', hidden, async () => {
    await deps.listing.ping().catch(() => {
      throw new Problem(503, 'not_ready', 'the database does not answer', { headers: { 'retry-after': '2' } })
    })
    return { status: 'ready' }
  })

  const registry = metrics(app, deps)
  app.get('/metrics', { ...hidden, preHandler: requireScope(deps, 'read') }, async (_, reply) =>
    reply
      .type(registry.contentType)
      .serializer(String)
      .send(await registry.metrics()),
  )
}

/** A registry of this app alone, so that two apps in one process do not meet. */
const metrics = (app: App, { listing }: AppDeps): Registry => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  new Gauge({
    name: 'deploybot_threads',
    help: 'Threads by status',
    labelNames: ['status'],
    registers: [registry],
    async collect() {
      this.reset()
      for (const [status, count] of Object.entries(await listing.countByStatus())) this.set({ status }, count)
    },
  })
  const duration = new Histogram({
    name: 'deploybot_http_request_seconds',
    help: 'Time to answer, by route and status',
    labelNames: ['method', 'route', 'status'],
    buckets: SECONDS,
    registers: [registry],
  })
  app.addHook('onResponse', async (request, reply) => {
    const labels = { method: request.method, route: request.routeOptions.url ?? 'none', status: reply.statusCode }
    duration.observe(labels, reply.elapsedTime / 1000)
  })
  return registry
}
