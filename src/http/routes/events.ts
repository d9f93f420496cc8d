import { wantsStream } from '../admission.ts'
import { admitJobs } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { EventList } from '../schemas/answers.ts'
import { EventsQuery, ThreadId } from '../schemas/requests.ts'
import { createStreams } from '../streams.ts'
import { eventsFor } from '../threads.ts'

/** A thread's events, once or live. */
export const eventRoutes = (app: App, deps: AppDeps): void => {
  const { log } = deps
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
}

/** Where a reader that lost its connection goes on; anything but a number starts over. */
const lastEventId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && /^\d{1,9}$/.test(header) ? header : undefined
