import Fastify, { type FastifyInstance } from 'fastify'
import { notFound, refuse } from './answers.ts'
import { createClock } from './clock.ts'
import { etags } from './etags.ts'
import { noFaults } from './faults.ts'
import { createFence } from './fence.ts'
import { guard } from './guard.ts'
import { createIssuer } from './oidc.ts'
import { type RequestLog, requestLog } from './requests.ts'
import { routes } from './routes.ts'
import { openStore } from './store.ts'
import { createSender, type Webhook } from './webhooks.ts'
import type { Pace, World } from './world.ts'

export interface SandboxGitHubOptions {
  /** Taken where free; otherwise any free port. */
  port?: number
  webhook?: Webhook
  /** Where runs and deployments outlive the process. */
  stateFile?: string
  /** How long runs take, in milliseconds. */
  pace?: Partial<Pace>
}

export interface SandboxGitHub {
  url: string
  /** One line for the start: what this is and where. */
  description: string
  setWebhook(webhook: Webhook): void
  close(): Promise<void>
}

/** A stand-in for GitHub with the repository acme/shop: a real HTTP server, on loopback only. */
export const startSandboxGitHub = async (options: SandboxGitHubOptions = {}): Promise<SandboxGitHub> => {
  const store = openStore(options.stateFile)
  const world: World = {
    state: store.state,
    faults: noFaults(),
    pace: { queued: 600, running: 1500, ...options.pace },
    issuer: createIssuer(),
    url: '',
    now: Date.now,
    changed() {
      store.save()
      sender.wake()
      clock.set()
      fence.wake()
    },
  }
  const sender = createSender(world, store.save, options.webhook)
  const clock = createClock(world)
  const fence = createFence(world)
  const app = createApp(world, requestLog())
  world.url = await listen(app, options.port ?? 0)
  clock.tick()
  sender.wake()
  fence.wake()
  return {
    url: world.url,
    description: `sandbox, ${world.url} (acme/shop; nothing is really deployed)`,
    setWebhook: sender.set,
    async close() {
      clock.stop()
      fence.close()
      sender.close()
      await app.close()
    },
  }
}

const createApp = (world: World, requests: RequestLog): FastifyInstance => {
  const app = Fastify({
    forceCloseConnections: true,
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false } },
  })
  guard(app, world, requests)
  etags(app)
  routes(app, world, requests)
  app.setNotFoundHandler((_request, reply) => reply.send(notFound(reply)))
  app.setErrorHandler<Error & { statusCode?: number }>((error, _request, reply) => {
    const invalid = error.statusCode !== undefined && error.statusCode < 500
    return reply.send(
      refuse(reply, invalid ? 422 : 500, invalid ? `Invalid request.\n\n${error.message}` : 'Server Error'),
    )
  })
  return app
}

const listen = async (app: FastifyInstance, port: number): Promise<string> => {
  const host = '127.0.0.1'
  try {
    return await app.listen({ host, port })
  } catch (error) {
    const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    if (!taken) throw error
    return await app.listen({ host, port: 0 })
  }
}
