import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, page, param, query, refuse } from '../answers.ts'
import { addDeployment, addStatus } from '../deployments.ts'
import { resolve } from '../graph.ts'
import { deployment, deploymentStatus } from '../shapes.ts'
import type { World } from '../world.ts'

const NewDeployment = Type.Object({
  ref: Type.String(),
  task: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  payload: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.String()])),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
})
const states = ['error', 'failure', 'inactive', 'in_progress', 'queued', 'pending', 'success'] as const
const NewStatus = Type.Object({
  state: Type.Union(states.map((state) => Type.Literal(state))),
  description: Type.Optional(Type.String()),
  log_url: Type.Optional(Type.String()),
  target_url: Type.Optional(Type.String()),
  environment_url: Type.Optional(Type.String()),
})

/** What was put where, and how it went. */
export const deploymentRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/deployments`
  const find = (request: FastifyRequest) =>
    world.state.deployments.find(({ id }) => String(id) === param(request, 'deployment'))

  app.get(base, (request, reply) => {
    const wanted = ['sha', 'ref', 'task', 'environment'] as const
    const matching = world.state.deployments.filter((record) =>
      wanted.every((key) => [undefined, record[key]].includes(query(request, key))),
    )
    return page(world, request, reply, matching.reverse()).map((record) => deployment(world, record))
  })
  app.get(`${base}/:deployment`, (request, reply) => {
    const found = find(request)
    return found ? deployment(world, found) : notFound(reply)
  })
  app.get(`${base}/:deployment/statuses`, (request, reply) => {
    const found = find(request)
    if (!found) return notFound(reply)
    return page(world, request, reply, found.statuses.toReversed()).map((one) => deploymentStatus(world, found, one))
  })

  app.post<{ Body: Static<typeof NewDeployment> }>(base, { schema: { body: NewDeployment } }, (request, reply) => {
    const { ref, task = 'deploy', environment = 'production', payload = {}, description = null } = request.body
    const sha = resolve(world.state, ref)?.sha
    if (!sha) return refuse(reply, 422, `No ref found for: ${ref}`)
    const record = addDeployment(world, { sha, ref, task, environment, payload, description })
    world.changed()
    reply.code(201)
    return deployment(world, record)
  })
  app.post<{ Body: Static<typeof NewStatus> }>(
    `${base}/:deployment/statuses`,
    { schema: { body: NewStatus } },
    (request, reply) => {
      const found = find(request)
      if (!found) return notFound(reply)
      const { target_url = '', log_url = target_url, ...status } = request.body
      const record = addStatus(world, found, { ...status, log_url })
      world.changed()
      reply.code(201)
      return deploymentStatus(world, found, record)
    },
  )
}
