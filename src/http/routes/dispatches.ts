import type { FastifyRequest } from 'fastify'
import { type Claimed, claimedOf } from '../../thread/claim.ts'
import { fold } from '../../thread/evolve.ts'
import { requireJob } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { Problem, toProblem } from '../errors.ts'
import type { JobClaims } from '../oidc.ts'
import { ClaimBody } from '../schemas/answers.ts'
import { DispatchId, isThreadId, NewClaim } from '../schemas/requests.ts'

/** Where the runs that we started ask whether they are the ones. */
export const dispatchRoutes = (app: App, deps: AppDeps): void => {
  app.post(
    '/dispatches/:id/claim',
    {
      preHandler: requireJob(deps),
      schema: {
        params: DispatchId,
        body: NewClaim,
        ...describe(
          "Ask, with a job's OIDC token, whether this run is the one for a dispatch: the first that asks is",
          200,
          ClaimBody,
          400,
          401,
          403,
          404,
          409,
        ),
      },
    },
    async (request) => {
      const { job, params } = request
      if (!job) throw new Error('let in without a token')
      const tell = outcome(request, job)
      try {
        const claimed = await claim(params.id, job, request, deps)
        tell('granted')
        return claimed
      } catch (error) {
        tell(toProblem(error).code)
        throw error
      }
    },
  )
}

/** Its place in the log is part of the id: `tool_started` gave it that name. */
const DISPATCH = /^(.{36})-[1-9]\d{0,8}$/

const threadOf = (dispatchId: string): string => {
  const [, thread = ''] = DISPATCH.exec(dispatchId) ?? []
  if (!isThreadId(thread)) throw new Problem(404, 'unknown_dispatch', 'there is no such dispatch')
  return thread
}

const claim = async (id: string, job: JobClaims, { actor }: FastifyRequest, { door }: AppDeps): Promise<Claimed> => {
  const { sha, workflow_ref, event_name } = job
  const thread = threadOf(id)
  if (event_name !== 'workflow_dispatch') {
    throw new Problem(403, 'not_the_approved_workflow', `this run was started by ${event_name}, and not by a dispatch`)
  }
  const run = { run_id: Number(job.run_id), attempt: Number(job.run_attempt) }
  const events = await door.handle(thread, { type: 'claim', dispatch_id: id, ...run, sha, workflow_ref, actor })
  return claimedOf(fold(events))
}

/** A line for each claim, whatever becomes of it: an operator sees which run was told to stop, and why. */
const outcome =
  ({ log, params }: FastifyRequest<{ Params: { id: string } }>, { run_id, run_attempt, workflow_ref }: JobClaims) =>
  (code: string): void => {
    const thread_id = DISPATCH.exec(params.id)?.[1]
    const fields = { dispatch_id: params.id, run_id, run_attempt, workflow_ref, outcome: code }
    log.info({ ...(thread_id ? { thread_id } : {}), ...fields }, 'dispatch claim')
  }
