import Type from 'typebox'
import { weeksAsCsv } from '../csv.ts'
import type { App, AppDeps } from '../deps.ts'
import { createInsights, SPANS } from '../insights.ts'
import { insightsPage } from '../pages/insights/insights.ts'
import { sendPage } from '../pages/send.ts'
import { requireViewer } from '../viewer.ts'

const Asked = Type.Object(
  { environment: Type.Optional(Type.String({ maxLength: 40 })), weeks: Type.Optional(Type.Enum([...SPANS])) },
  { additionalProperties: false },
)

/** How deploying goes: to look at, and to count further with. */
export const insightRoutes = (app: App, deps: AppDeps): void => {
  const insightsOf = createInsights(deps)
  const looking = { schema: { hide: true, querystring: Asked }, preHandler: requireViewer(deps, 'read') }

  app.get('/insights', looking, async ({ query, viewer }, reply) => {
    const insights = await insightsOf(query.environment, query.weeks)
    return sendPage(reply, insightsPage({ insights, policy: deps.policy, viewer }))
  })

  app.get('/insights.csv', looking, async ({ query }, reply) => {
    const { environment, weeks } = await insightsOf(query.environment, query.weeks)
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="deploybot-insights.csv"')
      .header('cache-control', 'no-store')
      .serializer(String)
      .send(weeksAsCsv(environment, weeks))
  })
}
