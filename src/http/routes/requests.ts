import type { FastifyRequest } from 'fastify'
import type { Request } from '../../thread/input.ts'
import { viewOf } from '../../thread/view.ts'
import { requireApprover, requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { Problem } from '../errors.ts'
import { refuseUnknownTag } from '../looked-up.ts'
import { takenOnce } from '../once.ts'
import { ThreadBody } from '../schemas/answers.ts'
import { NewCancel, NewMessage, NewResponse, ThreadId } from '../schemas/requests.ts'
import { refuseNoId } from '../threads.ts'

const PROBLEMS = [400, 401, 403, 404, 409, 422] as const

/** What people and programs ask of a thread that exists: speak, answer, cancel. */
export const requestRoutes = (app: App, deps: AppDeps): void => {
  const { door } = deps
  const handle = async (request: FastifyRequest<{ Params: { id: string } }>, asked: Request) => {
    refuseNoId(request.params.id)
    return viewOf(await door.handle(request.params.id, asked, takenOnce(request, 202)))
  }

  app.post(
    '/threads/:id/messages',
    {
      preHandler: requireScope(deps, 'ask'),
      schema: {
        params: ThreadId,
        body: NewMessage,
        ...describe('Add words, at any time', 202, ThreadBody, ...PROBLEMS),
      },
    },
    async (request, reply) => {
      reply.code(202)
      return handle(request, { type: 'message', message: request.body.message, actor: request.actor })
    },
  )

  app.post(
    '/threads/:id/responses',
    {
      preHandler: requireScope(deps, 'ask', 'approve'),
      schema: {
        params: ThreadId,
        body: NewResponse,
        ...describe('Answer what the thread asked: approve, reject, edit, choose or say', 202, ThreadBody, ...PROBLEMS),
      },
    },
    async (request, reply) => {
      const { approved, withdrawn, response, choice, args } = request.body
      if ([approved, withdrawn, response, choice, args].every((given) => given === undefined)) {
        throw new Problem(422, 'answer_mismatch', 'give at least one of approved, withdrawn, response, choice, args')
      }
      if (approved !== undefined || withdrawn || args !== undefined) requireApprover(deps, request)
      refuseNoId(request.params.id)
      const asked = { type: 'respond', actor: request.actor, ...request.body } as const
      await refuseUnknownTag(request.params.id, asked, deps)
      reply.code(202)
      return handle(request, asked)
    },
  )

  app.post(
    '/threads/:id/cancel',
    {
      preHandler: requireScope(deps, 'operate', 'approve'),
      schema: {
        params: ThreadId,
        body: NewCancel,
        ...describe('Stop a thread, and ask GitHub to cancel its run', 202, ThreadBody, ...PROBLEMS),
      },
    },
    async (request, reply) => {
      reply.code(202)
      return handle(request, { type: 'cancel', actor: request.actor, ...request.body })
    },
  )
}
