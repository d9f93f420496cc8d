import type { App, AppDeps } from '../deps.ts'
import { createLive } from '../live.ts'
import { LiveQuery } from '../schemas/pages.ts'
import { requireViewer } from '../viewer.ts'

/** What keeps pages true: a stream that says no more than that something changed. */
export const liveRoutes = (app: App, deps: AppDeps): void => {
  const live = createLive(deps)
  app.addHook('preClose', async () => live.close())
  app.get(
    '/live',
    { preHandler: requireViewer(deps, 'read'), schema: { hide: true, querystring: LiveQuery } },
    async ({ query: { thread, version } }, reply) => {
      live.open(thread ?? null, Number(version ?? 0), reply)
      return reply
    },
  )
}
