import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { noFaults } from '../faults.ts'
import type { RequestLog } from '../requests.ts'
import type { World } from '../world.ts'

const optional = {
  times: Type.Optional(Type.Integer()),
  method: Type.Optional(Type.String()),
  path: Type.Optional(Type.String()),
}
const NewFault = Type.Union([
  Type.Object({ ...optional, do: Type.Literal('drop'), accept: Type.Boolean() }),
  Type.Object({ ...optional, do: Type.Literal('delay'), ms: Type.Integer() }),
  Type.Object({
    ...optional,
    do: Type.Literal('answer'),
    accept: Type.Boolean(),
    status: Type.Integer(),
    message: Type.Optional(Type.String()),
    retry_after: Type.Optional(Type.Integer()),
    rate_limited: Type.Optional(Type.Boolean()),
  }),
])
const conclusions = ['success', 'failure', 'cancelled', 'timed_out'] as const
const RunFault = Type.Object({
  workflow: Type.Optional(Type.String()),
  environment: Type.Optional(Type.String()),
  service: Type.Optional(Type.String()),
  conclusion: Type.Optional(Type.Union(conclusions.map((conclusion) => Type.Literal(conclusion)))),
  job: Type.Optional(Type.String()),
  step: Type.Optional(Type.String()),
  jobs: Type.Optional(Type.Array(Type.String(), { minItems: 1 })),
  log: Type.Optional(Type.String()),
  hidden_ms: Type.Optional(Type.Integer()),
})
const Pace = Type.Object({ queued: Type.Integer({ minimum: 0 }), running: Type.Integer({ minimum: 0 }) })
const Webhooks = Type.Object({
  mode: Type.Union([Type.Literal('normal'), Type.Literal('twice'), Type.Literal('reversed'), Type.Literal('off')]),
})

/** `/_sandbox/…`: not GitHub, but the strings behind the stage: for tests, and for whoever wants to see it fail. */
export const controlRoutes = (app: FastifyInstance, world: World, requests: RequestLog): void => {
  app.get('/_sandbox/requests', () => requests.all())
  app.delete('/_sandbox/requests', () => requests.clear())
  app.get('/_sandbox/faults', () => world.faults)
  app.delete('/_sandbox/faults', () => Object.assign(world.faults, noFaults()))

  app.post<{ Body: Static<typeof NewFault> }>('/_sandbox/faults', { schema: { body: NewFault } }, (request) => {
    const meant = { times: 1, method: 'POST', path: '/dispatches' }
    const fault = request.body
    world.faults.requests.push(
      fault.do === 'answer' ? { ...meant, message: 'sandbox fault', ...fault } : { ...meant, ...fault },
    )
    return world.faults
  })
  app.post<{ Body: Static<typeof RunFault> }>('/_sandbox/runs/next', { schema: { body: RunFault } }, (request) => {
    world.faults.runs.push(request.body)
    return world.faults
  })
  app.put<{ Body: Static<typeof Webhooks> }>('/_sandbox/webhooks', { schema: { body: Webhooks } }, (request) => {
    world.faults.webhooks = request.body.mode
    world.changed()
    return world.faults
  })
  app.put<{ Body: Static<typeof Pace> }>('/_sandbox/pace', { schema: { body: Pace } }, (request) =>
    Object.assign(world.pace, request.body),
  )
}
