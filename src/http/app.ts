import { totalmem } from 'node:os'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import underPressure from '@fastify/under-pressure'
import Fastify, { type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { admission, canWait, overloaded } from './admission.ts'
import { answerClientError } from './client-error.ts'
import { compilersFactory } from './compilers.ts'
import { compression } from './compression.ts'
import type { App, AppDeps } from './deps.ts'
import { documentation } from './documentation.ts'
import { handleError, Problem, tellProblem } from './errors.ts'
import { webOf } from './github/manifest.ts'
import { mcpRoutes } from './mcp/route.ts'
import { dispatchRoutes } from './routes/dispatches.ts'
import { environmentRoutes } from './routes/environments.ts'
import { eventRoutes } from './routes/events.ts'
import { forkRoutes } from './routes/fork.ts'
import { formRoutes } from './routes/forms.ts'
import { githubAppRoutes } from './routes/github-app.ts'
import { insightRoutes } from './routes/insights.ts'
import { liveRoutes } from './routes/live.ts'
import { lockRoutes } from './routes/locks.ts'
import { operationRoutes } from './routes/operations.ts'
import { pageRoutes } from './routes/pages.ts'
import { promptRoutes } from './routes/prompts.ts'
import { requestRoutes } from './routes/requests.ts'
import { restartRoutes } from './routes/restart.ts'
import { settingsRoutes } from './routes/settings.ts'
import { signInRoutes } from './routes/sign-in.ts'
import { slackInstallRoutes } from './routes/slack-install.ts'
import { threadRoutes } from './routes/threads.ts'
import { emailWebhookRoutes } from './routes/webhook-email.ts'
import { githubWebhookRoutes } from './routes/webhook-github.ts'
import { humanWebhookRoutes } from './routes/webhook-human.ts'
import { slackWebhookRoutes } from './routes/webhook-slack.ts'
import { smsWebhookRoutes } from './routes/webhook-sms.ts'
import { parseStrictly, refuseBadText } from './strict-json.ts'

const BODY_BYTES = 256 * 1024
const REQUESTS_A_MINUTE = 600
const MOST_MEMORY = 0.85

/**
 * Nobody holds a connection by being slow. A request has 30 s to arrive (256 KB at 9 KB/s) and its head 20 s, looked at every
 * second: in a burst the head of an honest request may wait that long to be read; a connection on which nothing moves for 30 s ends, which is two pings of a live stream. Idle ones may stay for
 * Fastify's 72 s, longer than the 60 s of usual load balancers, which would else send into a closing one. Requests for each
 * connection are not limited: replicas are found by whoever balances, and a limit would cost only reconnects.
 */
const TIMEOUTS = {
  requestTimeout: 30_000,
  connectionTimeout: 30_000,
  http: { headersTimeout: 20_000, connectionsCheckingInterval: 1_000 },
}

/** The HTTP edge, whole: the same in production and in tests. Not listening yet. */
export const buildApp = async (deps: AppDeps): Promise<FastifyInstance> => {
  const app = Fastify({
    ...(deps.logger ? { loggerInstance: deps.logger } : { logger: false }),
    bodyLimit: BODY_BYTES,
    ...TIMEOUTS,
    // Nothing is coerced, filled in or dropped: what does not fit is refused and named.
    schemaController: { compilersFactory },
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false, useDefaults: false, allErrors: false } },
    forceCloseConnections: true,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 200 },
    clientErrorHandler: answerClientError,
  }).withTypeProvider<TypeBoxTypeProvider>()
  app.setErrorHandler(handleError)
  app.setNotFoundHandler((request, reply) =>
    tellProblem(new Problem(404, 'not_found', 'there is nothing here'), request, reply),
  )
  acceptJson(app)
  await app.register(cookie)
  await protect(app, deps)
  admission(app, deps)
  compression(app)
  await documentation(app)
  for (const routes of ROUTES) routes(app, deps)
  return app as unknown as FastifyInstance
}

const ROUTES = [
  threadRoutes,
  requestRoutes,
  forkRoutes,
  restartRoutes,
  eventRoutes,
  promptRoutes,
  dispatchRoutes,
  lockRoutes,
  githubWebhookRoutes,
  githubAppRoutes,
  humanWebhookRoutes,
  slackWebhookRoutes,
  slackInstallRoutes,
  mcpRoutes,
  emailWebhookRoutes,
  smsWebhookRoutes,
  operationRoutes,
  pageRoutes,
  liveRoutes,
  environmentRoutes,
  insightRoutes,
  settingsRoutes,
  formRoutes,
  signInRoutes,
]

/** JSON only, parsed strictly, the raw bytes kept for whoever checks a signature. */
const acceptJson = (app: App): void => {
  app.decorateRequest('rawBody', null)
  app.decorateRequest('actor')
  app.decorateRequest('scopes')
  app.decorateRequest('job', null)
  app.decorateRequest('viewer')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
    request.rawBody = body
    return parseStrictly(body)
  })
  app.addHook('onRequest', async (request) => {
    try {
      refuseBadText(decodeURIComponent(request.url))
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(400, 'bad_text', 'the address is not valid UTF-8')
    }
  })
}

const protect = async (app: App, { publicUrl, auth, signIn, githubApiUrl }: AppDeps): Promise<void> => {
  await app.register(underPressure, {
    maxEventLoopDelay: 500,
    maxRssBytes: Math.floor(MOST_MEMORY * Math.min(totalmem(), process.constrainedMemory() || totalmem())),
    pressureHandler: async (request) => {
      if (canWait(request)) throw overloaded('too much to do; try again', 5)
    },
  })
  // On loopback there is nobody to be fair to.
  if (auth === 'tokens') {
    await app.register(rateLimit, {
      max: REQUESTS_A_MINUTE,
      timeWindow: '1 minute',
      // Senders of webhooks are known by their signature, and come in bursts.
      allowList: (request) => request.url.startsWith('/webhooks/') || request.url === '/health',
      errorResponseBuilder: (_, { after }) =>
        new Problem(429, 'too_many_requests', `too many requests; again in ${after}`),
    })
  }
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'", ...(signIn ? [new URL(webOf(githubApiUrl)).origin] : [])],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Not `no-referrer`: a browser then sends forms with `Origin: null`, which is what a foreign page's look like.
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: publicUrl.startsWith('https:'),
  })
}
