import { createHash, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import canonicalize from 'canonicalize'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { createDoor, createWriter } from './agent/door.ts'
import { createPass, type Pass } from './agent/failpoint.ts'
import { withFailpoints } from './agent/with-failpoints.ts'
import { createWorker } from './agent/worker.ts'
import { createWebhookChannel } from './channels/webhook.ts'
import type { Config } from './config.ts'
import { buildApp } from './http/app.ts'
import { createModel } from './model/model.ts'
import { startSandboxGitHub } from './sandbox/github/server.ts'
import { startSandboxModel } from './sandbox/model/server.ts'
import { type DatabaseConfig, openStore } from './store/store.ts'
import type { Json } from './thread/event.ts'
import { LIMITS } from './thread/rules.ts'
import { createGitHubTools } from './tools/tools.ts'

/** What tests and the demo set that no environment variable does. */
export interface ServiceOptions {
  database?: DatabaseConfig
  pace?: { queued: number; running: number }
  /** What the sandbox GitHub signs with; otherwise a secret of this start. */
  sandboxSecret?: string
}

export interface Service {
  url: string
  /** One line for each part: what it is, and that it is a sandbox where it is one. */
  parts: string[]
  stop(): Promise<void>
}

type Cleanup = () => Promise<unknown>

/** Wires the adapters, starts HTTP and the worker. What was started is stopped again when a later part fails. */
export const startService = async (config: Config, logger: Logger, options: ServiceOptions = {}): Promise<Service> => {
  const cleanups: Cleanup[] = []
  const stop = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
  }
  try {
    return { ...(await start(config, logger, options, cleanups)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

const start = async (config: Config, logger: Logger, options: ServiceOptions, cleanups: Cleanup[]) => {
  const { policy, http } = config
  const store = await openStore(options.database ?? config.database)
  cleanups.push(store.close)
  const github = await connectGitHub(config, options, cleanups)
  const llm = await connectModel(config, cleanups)
  const pass = config.failpoint && createPass(config.failpoint)
  const { log, queue, ...ports } = withFailpoints(
    {
      log: store.log,
      queue: store.queue,
      tools: github.tools,
      model: llm.model,
      channel: createWebhookChannel(config.humanWebhookSecret),
    },
    pass,
  )
  const writer = createWriter(log, store.bell, { policy, limits: LIMITS, hash })
  const worker = createWorker({ queue, bell: store.bell, loop: { writer, ports, policy, logger } })
  const app = await buildApp({
    ...store,
    log,
    queue,
    door: createDoor(writer, log),
    model: llm.model,
    policy,
    publicUrl: http.publicUrl,
    auth: config.auth,
    githubWebhookSecret: github.webhookSecret,
    humanWebhookSecret: config.humanWebhookSecret,
    logger,
  })
  if (pass) watchAnswers(app, pass)
  cleanups.push(() => app.close())
  const url = await app.listen({ host: http.host, port: http.port })
  github.listening(url)
  worker.start()
  cleanups.push(worker.stop)
  const parts = [`database: ${store.description}`, `github:   ${github.description}`, `model:    ${llm.description}`]
  return { url, parts: [...parts, `auth:     ${AUTH[config.auth]}`] }
}

/** The failpoints around the moment when a request has been committed and its answer leaves. */
const watchAnswers = (app: FastifyInstance, pass: Pass): void => {
  app.addHook('onSend', async ({ method }) => {
    if (method === 'POST') pass('answer:before')
  })
  app.addHook('onResponse', async ({ method }) => {
    if (method === 'POST') pass('answer:after')
  })
}

const AUTH = {
  local: 'local: whoever reaches this port is the person "local"',
  tokens: 'bearer tokens (npm run token -- create)',
}

/** SHA-256 over canonical JSON (RFC 8785). */
const hash = (value: Json): string =>
  createHash('sha256')
    .update(canonicalize(value) ?? '')
    .digest('hex')

const connectGitHub = async (config: Config, { pace, sandboxSecret }: ServiceOptions, cleanups: Cleanup[]) => {
  const { policy, github, http, dataDir } = config
  if (github) {
    const { auth, apiUrl, paceWrites } = github
    const tools = createGitHubTools({ auth, apiUrl, paceWrites, policy })
    const description = `${github.apiUrl}, ${policy.repository}`
    return { tools, webhookSecret: github.webhookSecret, description, listening: () => {} }
  }
  const stateFile = join(dataDir, 'sandbox-github.json')
  // A port of its own beside ours, so that links of yesterday's runs still open.
  const port = http.port === 0 ? 0 : http.port + 1
  const sandbox = await startSandboxGitHub({ port, stateFile, ...(pace ? { pace } : {}) })
  cleanups.push(sandbox.close)
  const secret = sandboxSecret ?? randomBytes(32).toString('hex')
  const tools = createGitHubTools({ auth: { token: 'sandbox' }, apiUrl: sandbox.url, policy, paceWrites: false })
  const listening = (url: string): void => sandbox.setWebhook({ url: `${url}/webhooks/github`, secret })
  return { tools, webhookSecret: secret, description: sandbox.description, listening }
}

const connectModel = async ({ model }: Config, cleanups: Cleanup[]) => {
  if (model) {
    const { apiKey, baseUrl, ...named } = model
    const settings = { ...named, ...(apiKey ? { apiKey } : {}), ...(baseUrl ? { baseUrl } : {}) }
    return { model: createModel(settings), description: `${model.provider}, ${model.model}` }
  }
  const sandbox = await startSandboxModel()
  cleanups.push(sandbox.close)
  const options = {
    provider: 'openai-generic',
    model: 'sandbox-planner',
    apiKey: 'sandbox',
    baseUrl: sandbox.url,
  } as const
  return { model: createModel(options), description: sandbox.description }
}
