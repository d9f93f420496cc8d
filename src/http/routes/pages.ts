import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { home, STYLE } from '../pages/home.ts'

const NEWEST = 20

/** What a browser sees. */
export const pageRoutes = (app: App, deps: AppDeps): void => {
  const hidden = { schema: { hide: true } }
  app.get('/', { ...hidden, preHandler: requireScope(deps, 'read') }, async (_, reply) => {
    const { threads } = await deps.listing.list({ limit: NEWEST })
    return reply.type('text/html; charset=utf-8').serializer(String).send(home(threads, deps.publicUrl))
  })
  app.get('/style.css', hidden, async (_, reply) =>
    reply.type('text/css; charset=utf-8').serializer(String).send(STYLE),
  )
}
