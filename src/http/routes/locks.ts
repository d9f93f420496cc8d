import { secondsIn } from '../../thread/time.ts'
import { viewOf } from '../../thread/view.ts'
import { requireApprover, requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { takenOnce } from '../once.ts'
import { ThreadBody } from '../schemas/answers.ts'
import { LockList, NewLock, NewUnlock } from '../schemas/locks.ts'
import { ThreadId } from '../schemas/requests.ts'
import { refuseNoId } from '../threads.ts'

/** Keeping everybody from deploying somewhere, for a reason and a time; and letting them again. */
export const lockRoutes = (app: App, deps: AppDeps): void => {
  const { door, lanes } = deps

  app.post(
    '/locks',
    {
      preHandler: requireScope(deps, 'approve', 'operate'),
      schema: {
        body: NewLock,
        ...describe('Lock a service in an environment, or all of them', 201, ThreadBody, 400, 401, 403, 422),
      },
    },
    async (request, reply) => {
      const { environment, service = null, reason, expires_in } = request.body
      const place = { service, environment, reason, expires_in_seconds: secondsIn(expires_in) }
      const events = await door.launch({ type: 'lock', ...place, actor: request.actor }, takenOnce(request, 201))
      const view = viewOf(events)
      reply.code(201).header('location', `/threads/${view.id}`)
      return view
    },
  )

  app.get(
    '/locks',
    {
      preHandler: requireScope(deps, 'read'),
      schema: describe('What is locked: by whom, why, until when, and by which thread', 200, LockList, 401, 403),
    },
    async () => ({ locks: await lanes.locked() }),
  )

  app.post(
    '/threads/:id/unlock',
    {
      preHandler: requireScope(deps, 'approve'),
      schema: {
        params: ThreadId,
        body: NewUnlock,
        ...describe(
          'Unlock what a thread has locked: a lock, or a rollback',
          202,
          ThreadBody,
          400,
          401,
          403,
          404,
          409,
          422,
        ),
      },
    },
    async (request, reply) => {
      refuseNoId(request.params.id)
      requireApprover(deps, request)
      const asked = { type: 'unlock', reason: request.body.reason, actor: request.actor } as const
      reply.code(202)
      return viewOf(await door.handle(request.params.id, asked, takenOnce(request, 202)))
    },
  )
}
