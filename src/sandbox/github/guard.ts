import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refusalFor } from './access.ts'
import { refuse } from './answers.ts'
import { type Fault, takeFault } from './faults.ts'
import type { Logged, RequestLog } from './requests.ts'
import { advance } from './runs.ts'
import type { World } from './world.ts'

type AnswerFault = Extract<Fault, { do: 'answer' }>

/** What stands before every API route: who asks, how often, and what is meant to go wrong. */
export const guard = (app: FastifyInstance, world: World, requests: RequestLog): void => {
  const later = new WeakMap<FastifyRequest, Fault>()
  const logged = new WeakMap<FastifyRequest, Logged>()

  app.addHook('onRequest', async (request, reply) => {
    if (advance(world)) world.changed()
    const path = request.url.split('?')[0] ?? ''
    if (!isApi(path)) return
    if (!isPublic(path)) {
      logged.set(request, requests.add(request.method, path))
      rateLimit(reply, world, requests, isGraphql(path) ? 'graphql' : 'core')
      const refusal = refusalFor(world, request, path)
      if (refusal) return reply.send(refuse(reply, ...refusal))
    }
    // A query only reads, though it comes by POST: faults of readings hit it too.
    const fault = takeFault(world.faults, isGraphql(path) ? 'GET' : request.method, path)
    if (!fault) return
    if (fault.do === 'delay' || fault.accept) later.set(request, fault)
    else if (fault.do === 'answer') return reply.send(wrongAnswer(reply, world, fault))
    else drop(request, reply)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = later.get(request)
    if (!fault) return payload
    later.delete(request)
    if (fault.do === 'delay') await sleep(fault.ms, undefined, { ref: false })
    if (fault.do === 'drop') request.raw.socket.destroy()
    return fault.do === 'answer' ? JSON.stringify(wrongAnswer(reply, world, fault)) : payload
  })

  app.addHook('onResponse', async (request, reply) => {
    const one = logged.get(request)
    if (one) one.status = reply.statusCode
  })
}

const isApi = (path: string): boolean =>
  /^\/(repos|orgs|app|app-manifests|installation)(\/|$)/.test(path) || isGraphql(path) || isPublic(path)

const isGraphql = (path: string): boolean => path === '/graphql' || path === '/api/graphql'

/** The issuer of job tokens is no part of the API: nobody signs in and nothing is counted. It can fail all the same. */
const isPublic = (path: string): boolean => path.startsWith('/.well-known/')

const LIMIT = 5000

const rateLimit = (reply: FastifyReply, world: World, requests: RequestLog, resource: 'core' | 'graphql'): void => {
  const hour = Math.floor(world.now() / 3_600_000)
  reply.headers({
    'x-github-api-version-selected': '2022-11-28',
    'x-ratelimit-limit': LIMIT,
    // Never zero by itself: a demonstration should not stop because it was a success.
    'x-ratelimit-remaining': Math.max(LIMIT - requests.all().length, 1),
    'x-ratelimit-reset': (hour + 1) * 3600,
    'x-ratelimit-resource': resource,
  })
}

const wrongAnswer = (reply: FastifyReply, world: World, fault: AnswerFault) => {
  if (fault.retry_after !== undefined) reply.header('retry-after', fault.retry_after)
  if (fault.rate_limited) {
    reply.header('x-ratelimit-remaining', 0)
    reply.header('x-ratelimit-reset', Math.ceil(world.now() / 1000) + 60)
  }
  reply.type('application/json; charset=utf-8')
  return refuse(reply, fault.status, fault.message)
}

const drop = (request: FastifyRequest, reply: FastifyReply): void => {
  reply.hijack()
  request.raw.socket.destroy()
}
