import { unionOf } from '../../thread/agents.ts'
import { renderPrompt } from '../../thread/prompt.ts'
import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { Problem } from '../errors.ts'
import { sendPage, wantsPage } from '../pages/send.ts'
import { eventPage } from '../pages/thread/event.ts'
import { promptPage } from '../pages/thread/prompt.ts'
import { PromptBody } from '../schemas/answers.ts'
import { EventId, PromptQuery } from '../schemas/pages.ts'
import { ThreadId } from '../schemas/requests.ts'
import { eventsOf } from '../threads.ts'
import { pageOr, requireViewer } from '../viewer.ts'

/** What the model is shown of a thread, and one event of it, whole. */
export const promptRoutes = (app: App, deps: AppDeps): void => {
  const { log, model, policy } = deps

  app.get(
    '/threads/:id/prompt',
    {
      preHandler: pageOr(deps, requireScope(deps, 'read')),
      schema: {
        params: ThreadId,
        querystring: PromptQuery,
        ...describe(
          'Exactly what the next model call would send, or the one that led to event `before`',
          200,
          PromptBody,
          401,
          403,
          404,
          409,
        ),
      },
    },
    async (request, reply) => {
      const { id } = request.params
      const events = await eventsOf(log, id)
      const [first] = events
      const agent = first?.type === 'thread_launched' ? first.data.agent : ''
      if (unionOf(agent).length === 0) {
        throw new Problem(409, 'no_model', `plain code takes the steps of a ${agent} thread; no model is asked`)
      }
      const { before } = request.query
      const shown = before === undefined ? events : events.slice(0, Math.max(0, Number(before) - 1))
      const preview = await model.preview(renderPrompt(shown, policy))
      if (!wantsPage(request)) return preview
      const asked = before === undefined ? undefined : events[Number(before) - 1]?.actor
      return sendPage(reply, promptPage({ id, preview, viewer: request.viewer, ...(asked ? { asked } : {}) }))
    },
  )

  app.get(
    '/threads/:id/events/:seq',
    { preHandler: requireViewer(deps, 'read'), schema: { hide: true, params: EventId } },
    async ({ params: { id, seq }, viewer }, reply) => {
      const event = (await eventsOf(log, id))[Number(seq) - 1]
      if (!event) throw new Problem(404, 'not_found', `this thread has no event ${seq}`)
      return sendPage(reply, eventPage(event, viewer))
    },
  )
}
