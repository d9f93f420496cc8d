import type { FastifyInstance } from 'fastify'
import { createServer, listen } from '../server.ts'
import { controlRoutes } from './control.ts'
import { modelRoutes } from './routes.ts'
import { createScript, type QueuedReply, type ReceivedRequest } from './script.ts'

export interface SandboxModelOptions {
  /** Taken where free; otherwise any free port. */
  port?: number
}

export interface SandboxModel {
  /** What an OpenAI-compatible client needs as its base URL; `/_sandbox/…` on the same server steers it. */
  url: string
  /** One line for the start: what this is and where. */
  description: string
  /** The next answers, word for word, in place of the planner's. */
  queue(...replies: QueuedReply[]): void
  /** What was asked so far, oldest first. */
  requests(): readonly ReceivedRequest[]
  close(): Promise<void>
}

/** A stand-in for a language model: a planner by rules behind the OpenAI-compatible protocol, on loopback only. */
export const startSandboxModel = async (options: SandboxModelOptions = {}): Promise<SandboxModel> => {
  const script = createScript()
  const app = createServer({ bodyLimit: LARGEST_PROMPT })
  guard(app)
  modelRoutes(app, script)
  controlRoutes(app, script)
  const url = await listen(app, options.port ?? 0)
  return {
    url: `${url}/v1`,
    description: `sandbox planner, ${url}/v1 (rules, no language model)`,
    queue: script.queue,
    requests: script.requests,
    close: () => app.close(),
  }
}

const LARGEST_PROMPT = 8 * 1024 * 1024

/** A web page must not reach this server under a name of its own that resolves to loopback. */
const guard = (app: FastifyInstance): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (request.hostname === '127.0.0.1' || request.hostname === 'localhost') return
    return reply.code(403).send({ error: { message: 'this server answers on loopback only', type: 'forbidden' } })
  })
}
