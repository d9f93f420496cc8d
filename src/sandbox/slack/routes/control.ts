import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { interact } from '../acts/click.ts'
import type { Fault } from '../faults.ts'
import { Refused } from '../refused.ts'
import { type Delivery, deliver } from '../send/delivery.ts'
import { messageShape } from '../shapes/message.ts'
import { viewShape } from '../shapes/view.ts'
import type { World } from '../world.ts'

const times = Type.Optional(Type.Integer({ minimum: 1 }))
const method = Type.Optional(Type.String())
const accept = Type.Optional(Type.Boolean())
const NewFault = Type.Union([
  Type.Object({
    times,
    method,
    do: Type.Literal('rate_limit'),
    retry_after: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
  Type.Object({ times, method, do: Type.Literal('error'), error: Type.String() }),
  Type.Object({ times, method, do: Type.Literal('status'), status: Type.Optional(Type.Integer()), accept }),
  Type.Object({ times, method, do: Type.Literal('hang'), ms: Type.Optional(Type.Integer()), accept }),
])
const Where = Type.Object({
  team: Type.Optional(Type.String()),
  channel: Type.Optional(Type.String()),
  thread_ts: Type.Optional(Type.String()),
})
const Again = Type.Object({ delivery: Type.String() })

/** `/_sandbox/…`: not Slack, but the strings behind the stage: what has happened, and what is to go wrong. */
export const controlRoutes = (app: FastifyInstance, world: World): void => {
  app.get<{ Querystring: Static<typeof Where> }>('/_sandbox/messages', { schema: { querystring: Where } }, (request) =>
    messagesIn(world, request.query),
  )
  app.get('/_sandbox/views', () =>
    world.state.views.map((one) => ({ ...viewShape(world, one), user: one.user, errors: one.errors })),
  )
  app.get('/_sandbox/calls', () => world.calls)
  app.get('/_sandbox/deliveries', () => world.deliveries.map(read))
  app.delete('/_sandbox/log', () => ({ forgotten: world.calls.splice(0).length + world.deliveries.splice(0).length }))

  app.get('/_sandbox/faults', () => world.faults)
  app.delete('/_sandbox/faults', () => world.faults.splice(0))
  app.post<{ Body: Static<typeof NewFault> }>('/_sandbox/faults', { schema: { body: NewFault } }, ({ body }) => {
    world.faults.push(faultOf(body))
    return world.faults
  })

  app.post<{ Body: Static<typeof Again> }>('/_sandbox/resend', { schema: { body: Again } }, async (request) => {
    const found = world.deliveries.find(({ id }) => id === request.body.delivery)
    if (!found) throw new Refused('delivery_not_found')
    return read(await again(world, found))
  })
}

const faultOf = (given: Static<typeof NewFault>): Fault => {
  const meant = { times: 1, method: '*' }
  switch (given.do) {
    case 'rate_limit':
      return { ...meant, retry_after: 1, ...given }
    case 'error':
      return { ...meant, ...given }
    case 'status':
      return { ...meant, status: 500, accept: false, ...given }
    case 'hang':
      return { ...meant, ms: 60_000, accept: false, ...given }
  }
}

const messagesIn = (world: World, { team = 'T01', channel, thread_ts }: Static<typeof Where>) =>
  world.state.messages
    .filter((one) => one.team === team && (channel === undefined || one.channel === channel))
    .filter((one) => thread_ts === undefined || one.ts === thread_ts || one.thread_ts === thread_ts)
    .map((one) => ({
      ...messageShape(world, one),
      channel: one.channel,
      only_for: one.only_for,
      metadata: one.metadata,
    }))

/** A delivery with its payload to read, not as it went over the wire. */
export const read = (delivery: Delivery) => ({ ...delivery, payload: payloadOf(delivery) })

const payloadOf = ({ kind, body }: Delivery): unknown => {
  if (kind === 'event') return JSON.parse(body)
  const form = new URLSearchParams(body)
  return kind === 'interaction' ? JSON.parse(form.get('payload') ?? 'null') : Object.fromEntries(form)
}

/** The very same once more, freshly signed: a click that comes twice, or a page that somebody left open. */
const again = (world: World, { kind, type, team, body, event_id }: Delivery): Promise<Delivery> =>
  kind === 'interaction'
    ? interact(world, team, JSON.parse(new URLSearchParams(body).get('payload') ?? '{}'))
    : deliver(world, { kind, type, team, body, ...(event_id !== null && { event_id }) })
