import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { startClockwork } from './agent/clockwork.ts'
import { createPass, type Pass } from './agent/failpoint.ts'
import { createHosts } from './agent/hosts.ts'
import { impossibleSignIns } from './config/fresh.ts'
import { type Config, ConfigError } from './config.ts'
import { type Cleanup, connectGitHub, connectModel, type SandboxOptions } from './connect.ts'
import { connectPeople } from './connect-people.ts'
import { connectRoom } from './connect-room.ts'
import { createCore } from './core.ts'
import { buildApp } from './http/app.ts'
import { webOf } from './http/github/manifest.ts'
import { createOidc } from './http/oidc.ts'
import { createSessions } from './http/sign-in/sessions.ts'
import { type DatabaseConfig, openStore } from './store/store.ts'
import { createHealth } from './telemetry/health.ts'
import { startTelemetry } from './telemetry/telemetry.ts'
import { createApps } from './tools/manifest.ts'
import { createSignIn } from './tools/sign-in.ts'

/** What tests and the demo set that no environment variable does. */
export interface ServiceOptions extends SandboxOptions {
  database?: DatabaseConfig
  /** False: no Slack stands in where none is configured. */
  sandboxSlack?: boolean
  /** How often merges and runs at gates are looked for that no webhook told of, in milliseconds. */
  sweepMs?: number
}

export interface Service {
  url: string
  /** One line for each part: what it is, and that it is a sandbox where it is one. */
  parts: string[]
  stop(): Promise<void>
}

// Connections not yet accepted. Node's 511 overflow in a burst of 5,000, and those turned away try again after 1, 3, 7 … s.
const BACKLOG = 4_096

// What no webhook told of. One request a minute of GitHub's 5,000 an hour.
const MERGES_MS = 60_000
// Runs that wait for us, likewise.
const GATES_MS = 60_000
// How late what is scheduled may come; a look at the clock, and nothing else before it is time.
const SCHEDULES_MS = 15_000

/** Wires the adapters, starts HTTP and the worker. What was started is stopped again when a later part fails. */
export const startService = async (config: Config, logger: Logger, options: ServiceOptions = {}): Promise<Service> => {
  const impossible = impossibleSignIns(config)
  if (impossible.length > 0) throw new ConfigError(impossible)
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
  const hosts = createHosts()
  const github = await connectGitHub(config, options, hosts, cleanups)
  const llm = await connectModel(config, hosts, store.usage, cleanups)
  const { otlpEndpoint } = config
  const telemetry = await startTelemetry({ census: store.census, model: llm.asked, otlpEndpoint, logger })
  cleanups.push(telemetry.stop)
  const pass = config.failpoint && createPass(config.failpoint)
  const { sandboxSlack = true } = options
  const people = await connectPeople(config, { store, conversation: github.people, hosts, cleanups, sandboxSlack })
  const { channels, ways } = people
  const told = { channels, ways, publicUrl: http.publicUrl }
  const outward = { tools: github.tools, ...llm.asks, members: github.people, ...told }
  const core = createCore({ store, policy, telemetry, ...outward, pass, logger })
  const { log, door, worker, releases } = core
  const health = createHealth({ silentMs: core.silentMs, schema: store.schema })
  const app = await buildApp({
    ...store,
    log,
    door,
    ...settingsOf(config),
    ...github.edge,
    ...people.edge,
    ways,
    gates: core.gates,
    ...connectRoom(config, { store, github, llm, people, pulses: telemetry.pulses }),
    model: llm.asks.model,
    releases,
    health: health.check,
    registry: telemetry.registry,
    oidc: createOidc({ issuer: github.oidcIssuer, audience: http.publicUrl, now: log.now }),
    logger,
  })
  if (pass) watchAnswers(app, pass)
  cleanups.push(() => app.close())
  const url = await app.listen({ host: http.host, port: http.port, backlog: BACKLOG })
  github.listening(url)
  people.listening(url)
  worker.start()
  const clockwork = startClockwork(regularly(core, options), logger)
  cleanups.push(
    () => worker.stop(),
    clockwork.stop,
    async () => health.stop(),
  )
  const parts = [`database: ${store.description}`, `github:   ${github.description}`, `model:    ${llm.description}`]
  return { url, parts: [...parts, ...people.parts, ...settingParts(config)] }
}

const settingParts = ({ otlpEndpoint, auth }: Config): string[] => [
  ...(otlpEndpoint === null ? [] : [`traces:   ${new URL(otlpEndpoint).origin}`]),
  `auth:     ${AUTH[auth]}`,
]

/** What is looked at every so often, beside the threads. */
const regularly = ({ releases, checkStale, gates }: ReturnType<typeof createCore>, { sweepMs }: ServiceOptions) => [
  { name: 'looking for merges', everyMs: sweepMs ?? MERGES_MS, run: releases.sweep },
  { name: 'looking for stale commits', everyMs: SCHEDULES_MS, run: checkStale },
  { name: 'looking for gates', everyMs: sweepMs ?? GATES_MS, run: gates.sweep },
]

/** What HTTP is told of the settings. */
const settingsOf = ({ policy, http, auth, signIn, githubApiUrl, ...config }: Config) => ({
  policy,
  publicUrl: http.publicUrl,
  auth,
  humanWebhookSecrets: config.humanWebhookSecrets,
  webhookPrivateHosts: config.webhookPrivateHosts,
  humanLayer: config.humanLayer !== null,
  githubApiUrl,
  apps: createApps(githubApiUrl),
  sessions: createSessions(signIn?.sessionSecret ?? null),
  signIn: signIn && createSignIn({ ...signIn, web: webOf(githubApiUrl), apiUrl: githubApiUrl }),
})

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
