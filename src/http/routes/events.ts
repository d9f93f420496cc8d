import { unionOf } from '../../thread/agents.ts'
import { renderPrompt } from '../../thread/prompt.ts'
import { wantsStream } from '../admission.ts'
import { admitJobs, requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { Problem } from '../errors.ts'
import { sendPage, wantsPage } from '../pages/send.ts'
import { eventPage } from '../pages/thread/event.ts'
import { promptPage } from '../pages/thread/prompt.ts'
import { EventList, PromptBody } from '../schemas/answers.ts'
import { EventId } from '../schemas/pages.ts'
import { EventsQuery, ThreadId } from '../schemas/requests.ts'
import { createStreams } from '../streams.ts'
import { eventsFor, eventsOf } from '../threads.ts'
import { pageOr, requireViewer } from '../viewer.ts'

/** A thread's events, once or live, and what the model would be shown of them. */
export const eventRoutes = (app: App, deps: AppDeps): void => {
  const { log, model, policy } = deps
  const streams = createStreams(deps)
  app.addHook('preClose', async () => streams.close())

  app.get(
    '/threads/:id/events',
    {
      preHandler: admitJobs(deps, 'read'),
      schema: {
        params: ThreadId,
        querystring: EventsQuery,
        ...describe(
          'Events after a seq; Accept: text/event-stream keeps them coming',
          200,
          EventList,
          400,
          401,
          403,
          404,
        ),
      },
    },
    async (request, reply) => {
      const after = Number(lastEventId(request.headers['last-event-id']) ?? request.query.after ?? 0)
      const events = await eventsFor(request, log)
      if (!wantsStream(request.headers)) {
        return { events: events.filter(({ seq }) => seq > after) }
      }
      streams.open(request.params.id, after, reply)
      return reply
    },
  )

  app.get(
    '/threads/:id/prompt',
    {
      preHandler: pageOr(deps, requireScope(deps, 'read')),
      schema: {
        params: ThreadId,
        ...describe('Exactly what the next model call would send', 200, PromptBody, 401, 403, 404, 409),
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
      const preview = await model.preview(renderPrompt(events, policy))
      return wantsPage(request) ? sendPage(reply, promptPage(id, preview, request.viewer)) : preview
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

/** Where a reader that lost its connection goes on; anything but a number starts over. */
const lastEventId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^\d{1,9}$/.test(header) ? header : undefined
