import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { isFields } from '../blocks/text.ts'
import { type Fault, takeFault } from '../faults.ts'
import { methods } from '../methods/methods.ts'
import { oauthAccess, SCOPES } from '../methods/oauth.ts'
import { Refused, refusal } from '../refused.ts'
import type { World } from '../world.ts'

type Args = Record<string, unknown>
type Answer = Record<string, unknown> & { ok?: unknown; error?: unknown }

/** The Web API: `POST /api/<method>`, answered with 200 also where the answer is no. */
export const apiRoutes = (app: FastifyInstance, world: World): void => {
  app.route<{ Params: { method: string } }>({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: async (request, reply) => {
      const { method } = request.params
      const fault = takeFault(world.faults, method)
      reply.headers({ 'x-slack-req-id': request.id, 'x-oauth-scopes': SCOPES })
      if (!fault) return answerTo(world, method, request)
      return misbehave(fault, request, reply, () => answerTo(world, method, request))
    },
  })
}

const misbehave = async (fault: Fault, request: FastifyRequest, reply: FastifyReply, answer: () => Answer) => {
  switch (fault.do) {
    case 'rate_limit':
      reply.code(429).header('retry-after', fault.retry_after)
      return { ok: false, error: 'ratelimited' }
    case 'error':
      return { ok: false, error: fault.error }
    case 'status':
      if (fault.accept) answer()
      reply.code(fault.status).type('text/plain')
      return 'sandbox fault'
    case 'hang': {
      const late = fault.accept ? answer() : null
      await sleep(fault.ms, undefined, { ref: false })
      if (late) return late
      reply.hijack()
      request.raw.socket.destroy()
      return reply
    }
  }
}

const KEPT = 1_000

const answerTo = (world: World, method: string, request: FastifyRequest): Answer => {
  const args: Args = { ...(request.query as Args), ...(isFields(request.body) && request.body) }
  const team = teamOf(world, tokenOf(request, args))
  const answer = attempt(() => called(world, method, request, args))
  const { token: _, client_secret: __, ...shown } = args
  const [ok, error] = [answer.ok === true, typeof answer.error === 'string' ? answer.error : null]
  world.calls.push({ method, team: team?.id ?? null, args: shown, ok, error, at: world.now() })
  if (world.calls.length > KEPT) world.calls.shift()
  return answer
}

const attempt = (call: () => Answer): Answer => {
  try {
    return call()
  } catch (error) {
    if (error instanceof Refused) return refusal(error)
    throw error
  }
}

const called = (world: World, method: string, request: FastifyRequest, args: Args): Answer => {
  if (method === 'oauth.v2.access') return { ...oauthAccess({ world, args, client: clientOf(request) }) }
  if (request.body && !isFields(request.body)) throw new Refused('json_not_object')
  const call = methods.get(method)
  if (!call) throw new Refused('unknown_method')
  const token = tokenOf(request, args)
  if (!token) throw new Refused('not_authed')
  const workspace = teamOf(world, token)
  if (!workspace) throw new Refused('invalid_auth')
  return call({ world, workspace, args })
}

const teamOf = ({ state }: World, token: string) => state.workspaces.find(({ bot }) => bot.token === token)

/** In the header; in a form it may be a field. */
const tokenOf = ({ headers }: FastifyRequest, args: Args): string =>
  /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? String(args['token'] ?? '')

const clientOf = ({ headers }: FastifyRequest) => {
  const basic = /^Basic (.+)$/i.exec(headers.authorization ?? '')?.[1]
  if (basic === undefined) return null
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString().split(':')
  return { id, secret }
}
