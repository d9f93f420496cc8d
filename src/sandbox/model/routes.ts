import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { Type } from 'typebox'
import { type Asked, completion, textOf } from './completion.ts'
import { isForJudge, judgeStep } from './judge.ts'
import { planNextStep } from './planner.ts'
import type { QueuedReply, Script } from './script.ts'

const MODEL = 'sandbox-planner'

const Content = Type.Union([
  Type.String(),
  Type.Array(Type.Object({ type: Type.Literal('text'), text: Type.String() })),
])
const asked = {
  schema: {
    body: Type.Object({
      model: Type.String(),
      messages: Type.Array(Type.Object({ role: Type.String(), content: Content }), { minItems: 1 }),
      stream: Type.Optional(Type.Literal(false)),
    }),
  },
}

/** The part of OpenAI's protocol that a chat without streaming needs. */
export const modelRoutes = (app: FastifyInstance, script: Script): void => {
  app.get('/v1/models', async () => ({
    object: 'list',
    data: [{ id: MODEL, object: 'model', created: 0, owned_by: 'deploybot' }],
  }))
  app.post<{ Body: Asked }>('/v1/chat/completions', asked, async (request, reply) => {
    const { authorization: _, ...headers } = request.headers
    script.record({ headers, body: request.body })
    const queued = script.take()
    return queued ? answerAsTold(reply, request.body, queued) : completion(request.body, planned(request.body), MODEL)
  })
}

const planned = ({ messages }: Asked): string => {
  const of = (role: string) => messages.filter((message) => message.role === role).map(textOf)
  const system = of('system').join('\n')
  const user = of('user').at(-1) ?? ''
  return JSON.stringify(isForJudge(system) ? judgeStep(system, user) : planNextStep(system, user))
}

const answerAsTold = async (reply: FastifyReply, body: Asked, queued: QueuedReply): Promise<unknown> => {
  if (queued.delay_ms) await pause(queued.delay_ms)
  if (queued.fault === 'silent') return reply.hijack()
  const raw = queued.body ?? JSON.stringify(completion(body, queued.content ?? '', MODEL, queued.finish_reason))
  if (queued.fault === 'cut') return cut(reply, raw)
  return reply
    .code(queued.status ?? 200)
    .headers({ 'content-type': 'application/json', ...queued.headers })
    .send(raw)
}

const cut = (reply: FastifyReply, raw: string): unknown => {
  const { socket } = reply.raw
  reply.raw.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(raw) })
  reply.raw.write(raw.slice(0, raw.length / 2), () => socket?.destroy())
  return reply.hijack()
}
