import { ASSETS } from '../assets.ts'
import type { App, AppDeps } from '../deps.ts'
import { home } from '../pages/home.ts'
import { sendPage } from '../pages/send.ts'
import { requireViewer } from '../viewer.ts'

const NEWEST = 20
const A_YEAR = 'public, max-age=31536000, immutable'

/** What a browser sees. */
export const pageRoutes = (app: App, deps: AppDeps): void => {
  const hidden = { schema: { hide: true } }
  app.get('/', { ...hidden, preHandler: requireViewer(deps, 'read') }, async ({ viewer }, reply) => {
    const { threads } = await deps.listing.list({ limit: NEWEST })
    return sendPage(reply, home(threads, viewer, deps.publicUrl))
  })
  for (const { path, body, type } of ASSETS) {
    app.get(path, hidden, async (_, reply) => reply.type(type).header('cache-control', A_YEAR).send(body))
  }
}
