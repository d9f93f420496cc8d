import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { secondsIn } from '../../thread/time.ts'
import { requireApprover } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { createEnvironments } from '../environments.ts'
import { Problem, toProblem } from '../errors.ts'
import { environmentsPage } from '../pages/environments/environments.ts'
import { sendPage } from '../pages/send.ts'
import { LockForm, ShipForm, UnlockForm } from '../schemas/environments.ts'
import { refuseNoId } from '../threads.ts'
import { refuseForeignForm, requireViewer } from '../viewer.ts'

type Asking = FastifyRequest<{ Body: { form: string } }>
const HERE = '/environments'
const hide = { hide: true }

/** What is live where, and what people do about it: through the same door and by the same rules as everybody. */
export const environmentRoutes = (app: App, deps: AppDeps): void => {
  const { door, policy } = deps
  const look = createEnvironments(deps)
  const show = async ({ viewer }: FastifyRequest, reply: FastifyReply, problem?: Problem) =>
    sendPage(reply, environmentsPage({ facts: await look(), policy, viewer, ...(problem ? { problem } : {}) }))

  app.get(HERE, { schema: hide, preHandler: requireViewer(deps, 'read') }, (request, reply) => show(request, reply))

  /** Does it and goes on to what came of it; where it may not be, this page says why. */
  const handle = async (request: Asking, reply: FastifyReply, act: () => Promise<string>) => {
    refuseForeignForm(request, request.body.form, deps)
    try {
      return reply.redirect(await act(), 303)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status >= 500) throw error
      return show(request, reply.code(problem.status), problem)
    }
  }

  app.register((plain, _, done) => {
    const scope = plain as App
    scope.register(formbody)
    const asking = { preHandler: requireViewer(deps, 'ask') }

    const ship = (agent: 'deploy' | 'rollback') => (request: ShipRequest, reply: FastifyReply) =>
      handle(request, reply, async () => {
        const { service, environment, to } = request.body
        refuseStrange(request.body, deps)
        const message =
          agent === 'deploy'
            ? `deploy ${service} ${to} to ${environment}`
            : `roll back ${service} on ${environment} to ${to}`
        const context = { service, environment, to }
        const [first] = await door.launch({ type: 'launch', agent, message, context, actor: request.actor })
        return `/threads/${first?.thread_id}`
      })
    scope.post(`${HERE}/deployments`, { ...asking, schema: { ...hide, body: ShipForm } }, ship('deploy'))
    scope.post(`${HERE}/rollbacks`, { ...asking, schema: { ...hide, body: ShipForm } }, ship('rollback'))

    const locking = { preHandler: requireViewer(deps, 'approve', 'operate'), schema: { ...hide, body: LockForm } }
    scope.post(`${HERE}/locks`, locking, (request, reply) =>
      handle(request, reply, async () => {
        const { environment, service, reason, expires_in } = request.body
        const place = { service: service === '' ? null : service, environment, reason }
        const expires_in_seconds = secondsIn(expires_in)
        await door.launch({ type: 'lock', ...place, expires_in_seconds, actor: request.actor })
        return HERE
      }),
    )
    const unlocking = { preHandler: requireViewer(deps, 'approve'), schema: { ...hide, body: UnlockForm } }
    scope.post(`${HERE}/unlocks`, unlocking, (request, reply) =>
      handle(request, reply, async () => {
        const { thread, reason } = request.body
        refuseNoId(thread)
        requireApprover(deps, request)
        await door.handle(thread, { type: 'unlock', reason, actor: request.actor })
        return HERE
      }),
    )
    done()
  })
}

type ShipRequest = FastifyRequest<{ Body: { form: string; service: string; environment: string; to: string } }>

/** What stands in a form may be anything; an agent is asked only about what there is. */
const refuseStrange = (
  { service, environment }: { service: string; environment: string },
  { policy }: Pick<AppDeps, 'policy'>,
): void => {
  if (Object.hasOwn(policy.services, service) && Object.hasOwn(policy.environments, environment)) return
  throw new Problem(422, 'unknown_place', 'deploybot.yaml has no such service or environment')
}
