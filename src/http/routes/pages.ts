import Type from 'typebox'
import { idOfShort } from '../../thread/contact/short.ts'
import { ASSETS } from '../assets.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { inbox } from '../pages/inbox/inbox.ts'
import { sendPage } from '../pages/send.ts'
import { requireViewer } from '../viewer.ts'
import { createWaiting } from '../waiting.ts'

const Short = Type.Object({ short: Type.String({ maxLength: 100 }) })
const MOST_BUSY = 20
const A_YEAR = 'public, max-age=31536000, immutable'

/** What a browser sees. */
export const pageRoutes = (app: App, deps: AppDeps): void => {
  const hidden = { schema: { hide: true } }
  const { log, overview, policy, publicUrl } = deps
  const waiting = createWaiting(deps)
  app.get('/', { ...hidden, preHandler: requireViewer(deps, 'read') }, async ({ viewer }, reply) => {
    const [all, busy, now] = await Promise.all([waiting(), overview.busy(MOST_BUSY), log.now()])
    return sendPage(reply, inbox({ waiting: all, busy, viewer, policy, publicUrl, now }))
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
