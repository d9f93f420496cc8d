import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, page, param, refuse, rest } from '../answers.ts'
import { answerGate } from '../passage.ts'
import { environment, pendingDeployment, protectionRules } from '../shapes.ts'
import type { World } from '../world.ts'
import { visible } from './runs.ts'

const Answer = Type.Object({
  environment_name: Type.String(),
  state: Type.Union([Type.Literal('approved'), Type.Literal('rejected')]),
  comment: Type.Optional(Type.String()),
})
// In GitHub's words, which are the only way to tell one from the other.
const nothingPending = 'No pending deployment requests to approve or reject'
const reviewed = 'Deployment protection rule has already been reviewed'

const Gated = Type.Object({ gated: Type.Boolean() })
const Claims = Type.Object({
  url: Type.Union([Type.String({ pattern: '^https?://' }), Type.Null()]),
  audience: Type.Optional(Type.String()),
})

/** Environments, the gates before them, and what stands there; also the strings: who keeps which gate, and the fence. */
export const gateRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}`
  const find = (request: FastifyRequest) => visible(world).find(({ id }) => String(id) === param(request, 'run'))

  app.get(`${base}/environments`, (request, reply) => {
    const names = environments(world)
    const shown = page(world, request, reply, names).map((name) => environment(world, name))
    return { total_count: names.length, environments: shown }
  })
  app.get(`${base}/environments/:name`, (request, reply) => {
    const name = environments(world).find((one) => one === param(request, 'name'))
    return name ? environment(world, name) : notFound(reply)
  })
  app.get(`${base}/environments/:name/deployment_protection_rules`, (request, reply) => {
    const name = environments(world).find((one) => one === param(request, 'name'))
    return name ? protectionRules(world, name) : notFound(reply)
  })
  app.get(`${base}/actions/runs/:run/pending_deployments`, (request, reply) => {
    const run = find(request)
    if (!run) return notFound(reply)
    return run.status === 'waiting' && run.gate ? [pendingDeployment(world, run.gate)] : []
  })
  app.post<{ Body: Static<typeof Answer> }>(
    `${base}/actions/runs/:run/deployment_protection_rule`,
    { schema: { body: Answer } },
    (request, reply) => {
      const run = find(request)
      const { environment_name, state, comment = '' } = request.body
      if (!run) return notFound(reply)
      if (!answerGate(world, run, { environment: environment_name, state, comment }))
        return refuse(reply, 422, run.gate?.environment === environment_name ? reviewed : nothingPending)
      world.changed()
      reply.code(204)
      return null
    },
  )
  controls(app, world)
}

const controls = (app: FastifyInstance, world: World): void => {
  const { state } = world
  app.put<{ Body: Static<typeof Gated> }>('/_sandbox/environments/*', { schema: { body: Gated } }, (request) => {
    const others = state.gated.filter((name) => name !== rest(request))
    state.gated = request.body.gated ? [...others, rest(request)] : others
    world.changed()
    return { gated: state.gated }
  })
  app.get('/_sandbox/claims', () => ({
    ...(state.claims ?? { url: null }),
    made: state.runs.flatMap(({ id, attempt = 1, inputs, claim }) =>
      claim ? [{ run_id: id, run_attempt: attempt, dispatch_id: inputs['dispatch_id'], ...claim }] : [],
    ),
  }))
  app.put<{ Body: Static<typeof Claims> }>('/_sandbox/claims', { schema: { body: Claims } }, ({ body }) => {
    const { url, audience = url } = body
    state.claims = url && audience ? { url, audience } : null
    world.changed()
    return state.claims ?? { url: null }
  })
}

/** Those that are gated, and those that something was put into. */
const environments = ({ state }: World): string[] => [
  ...new Set([...state.deployments.map((one) => one.environment), ...state.gated]),
]
