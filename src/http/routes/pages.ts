import Type from 'typebox'
import { idOfShort } from '../../thread/contact/short.ts'
import { ASSETS } from '../assets.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { home } from '../pages/home.ts'
import { sendPage } from '../pages/send.ts'
import { requireViewer } from '../viewer.ts'

const Short = Type.Object({ short: Type.String({ maxLength: 100 }) })
const NEWEST = 20
const A_YEAR = 'public, max-age=31536000, immutable'

/** What a browser sees. */
export const pageRoutes = (app: App, deps: AppDeps): void => {
  const hidden = { schema: { hide: true } }
  app.get('/', { ...hidden, preHandler: requireViewer(deps, 'read') }, async ({ viewer }, reply) => {
    const { threads } = await deps.listing.list({ limit: NEWEST })
    return sendPage(reply, home(threads, viewer, deps.publicUrl))
  })
  // Of SMS. Where it leads asks who it is; that there is such a thread, or none, is said to nobody before.
  app.get('/t/:short', { schema: { hide: true, params: Short } }, async ({ params }, reply) => {
    const id = idOfShort(params.short)
    if (id === null) throw new Problem(404, 'not_found', 'there is nothing here')
    return reply.redirect(`/threads/${id}`, 303)
  })
  for (const { path, body, type } of ASSETS) {
    app.get(path, hidden, async (_, reply) => reply.type(type).header('cache-control', A_YEAR).send(body))
  }
}
