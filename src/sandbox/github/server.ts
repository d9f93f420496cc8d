import type { FastifyInstance } from 'fastify'
import { createServer, listen } from '../server.ts'
import { notFound, refuse } from './answers.ts'
import { etags } from './etags.ts'
import { noFaults } from './faults.ts'
import { guard } from './guard.ts'
import { bringToLife } from './living.ts'
import { createIssuer } from './oidc.ts'
import { organization } from './organization.ts'
import { type RequestLog, requestLog } from './requests.ts'
import { routes } from './routes.ts'
import type { Webhook } from './webhooks.ts'
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

/** A stand-in for GitHub with the repositories of acme: a real HTTP server, on loopback only. */
export const startSandboxGitHub = async (options: SandboxGitHubOptions = {}): Promise<SandboxGitHub> => {
  const worlds: World[] = []
  const pace = { queued: 600, running: 1500, ...options.pace }
  const shared = { worlds, faults: noFaults(), pace, issuer: createIssuer() }
  const living = organization.map((planted, index) => {
    const stateFile = index === 0 ? options.stateFile : beside(options.stateFile, planted.repo.name)
    const one = bringToLife(planted, shared, { stateFile, webhook: options.webhook })
    worlds.push(one.world)
    return one
  })
  const requests = requestLog()
  const [first, ...elsewhere] = worlds
  if (!first) throw new Error('there is no repository')
  const others = elsewhere.map((world) => ({ name: world.repo.name, app: createApp(world, requests) }))
  const app = createApp(first, requests, others)
  const url = await listen(app, options.port ?? 0)
  for (const world of worlds) world.url = url
  for (const one of living) one.wake()
  return {
    url,
    description: `sandbox, ${url} (${worlds.map(({ repo }) => repo.fullName).join(', ')}; nothing is really deployed)`,
    setWebhook(webhook) {
      for (const one of living) one.setWebhook(webhook)
    },
    async close() {
      for (const one of living) one.close()
      await app.close()
      for (const other of others) await other.app.close()
    },
  }
}

/** `sandbox-github.json` has `sandbox-github-search.json` beside it. */
const beside = (file: string | undefined, name: string): string | undefined => file?.replace(/(\.\w+)?$/, `-${name}$1`)

interface Other {
  name: string
  app: FastifyInstance
}

/** Whatever names another repository is answered there; all else belongs to the first, which keeps what is the organization's. */
const lead = (app: FastifyInstance, others: Other[]): void => {
  app.addHook('onReady', async () => {
    for (const other of others) await other.app.ready()
  })
  app.addHook('onRequest', async ({ raw }, reply) => {
    const [, string = '', name, rest = ''] = ABOUT.exec(raw.url ?? '') ?? []
    const other = others.find((one) => one.name === name)
    if (!other) return
    reply.hijack()
    if (string !== '') raw.url = `/${string}${rest.slice(1)}`
    other.app.routing(raw, reply.raw)
  })
}

// `/_sandbox/repos/acme/search/merges` pulls the string `/_sandbox/merges` of that repository.
const ABOUT = /^\/(_sandbox\/)?(?:repos\/)?acme\/([^/?]+)(.*)$/

const createApp = (world: World, requests: RequestLog, others: Other[] = []): FastifyInstance => {
  const app = createServer()
  lead(app, others)
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
