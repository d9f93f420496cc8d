import type { FastifyInstance } from 'fastify'
import { createServer, listen } from '../server.ts'
import { guard } from './guard.ts'
import { actRoutes } from './routes/acts.ts'
import { apiRoutes } from './routes/api.ts'
import { controlRoutes } from './routes/control.ts'
import { oauthRoutes } from './routes/oauth.ts'
import { pageRoutes } from './routes/page.ts'
import { respondRoutes } from './routes/respond.ts'
import { verifyUrl } from './send/events.ts'
import { openStore } from './store.ts'
import type { RequestUrls, World } from './world.ts'

export interface SandboxSlackOptions {
  /** Taken where free; otherwise any free port. */
  port?: number
  /** Where the app wants to be told. */
  requestUrls?: RequestUrls
  /** Where what was said outlives the process. */
  stateFile?: string
  /** How long the app has to acknowledge; Slack gives it 3 s. */
  ackMs?: number
  /** When an event that was not acknowledged is sent again: Slack does so at once, after a minute and after five. */
  retryMs?: readonly number[]
  /** As whom the app exchanges the code of an installation. */
  oauth?: { clientId: string; clientSecret: string }
}

export interface SandboxSlack {
  url: string
  /** What `@slack/web-api` takes as `slackApiUrl`. */
  apiUrl: string
  /** One line for the start: what this is and where. */
  description: string
  /** The bot's token in the workspace T01. */
  botToken: string
  oauth: { clientId: string; clientSecret: string }
  setRequestUrls(urls: RequestUrls): void
  /** Asks the events address the challenge, as Slack does before it accepts one. */
  verify(): Promise<boolean>
  close(): Promise<void>
}

/** A stand-in for Slack with two workspaces: a real HTTP server, on loopback only. */
export const startSandboxSlack = async (options: SandboxSlackOptions = {}): Promise<SandboxSlack> => {
  const closing = new AbortController()
  const { world, save } = createWorld(options, closing.signal)
  const app = createApp(world)
  world.url = await listen(app, options.port ?? 0)
  return {
    url: world.url,
    apiUrl: `${world.url}/api/`,
    description: `sandbox, ${world.url} (open it and write to @deploybot)`,
    botToken: world.state.workspaces[0]?.bot.token ?? '',
    oauth: world.oauth,
    setRequestUrls(urls) {
      world.urls = urls
    },
    verify: () => verifyUrl(world),
    async close() {
      closing.abort()
      await app.close()
      save()
    },
  }
}

const createWorld = (options: SandboxSlackOptions, closing: AbortSignal) => {
  const { state, save } = openStore(options.stateFile)
  const watchers = new Set<() => void>()
  const world: World = {
    state,
    url: '',
    urls: options.requestUrls,
    faults: [],
    calls: [],
    deliveries: [],
    ackMs: options.ackMs ?? 3_000,
    retryMs: options.retryMs ?? [0, 60_000, 300_000],
    oauth: options.oauth ?? { clientId: 'sandbox', clientSecret: 'sandbox' },
    closing,
    now: Date.now,
    changed() {
      save()
      for (const seen of watchers) seen()
    },
    watch(seen) {
      watchers.add(seen)
      return () => watchers.delete(seen)
    },
  }
  return { world, save }
}

const createApp = (world: World): FastifyInstance => {
  const app = createServer()
  guard(app)
  apiRoutes(app, world)
  respondRoutes(app, world)
  oauthRoutes(app, world)
  pageRoutes(app, world)
  actRoutes(app, world)
  controlRoutes(app, world)
  return app
}
