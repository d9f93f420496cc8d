import type { components } from '@octokit/openapi-types'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { notFound, page, param } from '../answers.ts'
import { announce, redeliver } from '../deliveries.ts'
import { iso, webhookPayload } from '../shapes.ts'
import { actionOf, type DeliveryRecord } from '../subjects.ts'
import { hookId, type World } from '../world.ts'

/** The webhooks sent so far, and sending one again. */
export const hookRoutes = (app: FastifyInstance, world: World): void => {
  const hook = `/repos/${world.repo.fullName}/hooks/${hookId}`
  const base = `${hook}/deliveries`
  const find = (request: FastifyRequest) =>
    world.state.deliveries.find(({ id }) => String(id) === param(request, 'delivery'))

  app.get(base, (request, reply) =>
    page(world, request, reply, world.state.deliveries.toReversed()).map((one) => item(world, one)),
  )
  app.get(`${base}/:delivery`, (request, reply) => {
    const found = find(request)
    return found ? whole(world, found) : notFound(reply)
  })
  app.post(`${base}/:delivery/attempts`, (request, reply) => {
    const found = find(request)
    if (!found) return notFound(reply)
    redeliver(world, found)
    world.changed()
    reply.code(202)
    return {}
  })
  app.post(`${hook}/pings`, (_request, reply) => {
    announce(world, { event: 'ping' })
    world.changed()
    reply.code(204)
    return null
  })
}

const item = (world: World, delivery: DeliveryRecord) =>
  ({
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: iso(delivery.at),
    redelivery: delivery.redelivery,
    duration: 0,
    status: delivery.outcome === 'sent' ? 'OK' : delivery.outcome,
    status_code: delivery.status_code,
    event: delivery.subject.event,
    action: actionOf(delivery.subject),
    installation_id: null,
    repository_id: world.repo.id,
  }) satisfies components['schemas']['hook-delivery-item']

const whole = (world: World, delivery: DeliveryRecord) =>
  ({
    ...item(world, delivery),
    request: {
      headers: { 'X-GitHub-Delivery': delivery.guid },
      payload: { ...webhookPayload(world, delivery.subject) },
    },
    response: { headers: null, payload: null },
  }) satisfies components['schemas']['hook-delivery']
