import { viewOf } from '../../thread/view.ts'
import { requireOperator, requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { takenOnce } from '../once.ts'
import { ThreadBody } from '../schemas/answers.ts'
import { NewFork, ThreadId } from '../schemas/requests.ts'
import { refuseNoId } from '../threads.ts'

/** A new thread out of the first events of another. */
export const forkRoutes = (app: App, deps: AppDeps): void => {
  app.post(
    '/threads/:id/fork',
    {
      preHandler: requireScope(deps, 'ask'),
      schema: {
        params: ThreadId,
        body: NewFork,
        ...describe(
          'Branch a new thread from the events up to `at`, with words and instructions of its own; nothing runs by it',
          201,
          ThreadBody,
          400,
          401,
          403,
          404,
          422,
        ),
      },
    },
    async (request, reply) => {
      refuseNoId(request.params.id)
      if (request.body.prompt !== undefined) requireOperator(request)
      const events = await deps.door.fork(request.params.id, request.body, request.actor, takenOnce(request, 201))
      const view = viewOf(events)
      reply.code(201).header('location', `/threads/${view.id}`)
      return view
    },
  )
}
