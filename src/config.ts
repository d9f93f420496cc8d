import { isAbsolute, join } from 'node:path'
import { type Failpoint, PLACES, parseFailpoint } from './agent/failpoint.ts'
import { readPolicy } from './config/deploybot-yaml.ts'
import { readEmail } from './config/email.ts'
import { Environment } from './config/environment.ts'
import { ConfigError } from './config/error.ts'
import { readGitHub, readGitHubApiUrl } from './config/github.ts'
import { readHumanLayer } from './config/humanlayer.ts'
import { readFallback, readModel, refuseUnpriced } from './config/model.ts'
import { readOidcIssuer } from './config/oidc.ts'
import { readSignIn } from './config/sign-in.ts'
import { readSlack } from './config/slack.ts'
import { readSms } from './config/sms.ts'
import { readPrivateHosts, readWebhookSecrets } from './config/webhooks.ts'

export { ConfigError }

/** Everything that can be set, checked, with its defaults. */
export type Config = ReturnType<typeof readConfig>

const LOOPBACK = ['127.0.0.1', 'localhost', '::1']
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const

/**
 * The only reader of the environment and of deploybot.yaml. Throws ConfigError naming every variable or line
 * that is wrong, its value (unless it is a secret) and what is allowed.
 */
export const readConfig = (variables: NodeJS.ProcessEnv = process.env, directory = process.cwd()) => {
  const env = new Environment(variables)
  const production = env.text('NODE_ENV') === 'production'
  const host = env.text('HOST') ?? '127.0.0.1'
  const port = env.integer('PORT', 8000, 0, 65_535)
  const loopback = LOOPBACK.includes(host)
  const auth = env.oneOf('DEPLOYBOT_AUTH', ['local', 'tokens'], loopback && !production ? 'local' : 'tokens')
  const url = env.url('DATABASE_URL', ['postgres:', 'postgresql:'])
  const githubApiUrl = readGitHubApiUrl(env)
  const github = readGitHub(env, githubApiUrl)
  const model = readModel(env)
  const fallback = readFallback(env, model)
  const config = {
    production,
    http: { host, port, publicUrl: env.url('PUBLIC_URL', ['http:', 'https:']) ?? `http://${inUrl(host)}:${port}` },
    auth,
    database: url === null ? { dataDir: under(directory, env.text('DEPLOYBOT_DATA') ?? '.deploybot') } : { url },
    dataDir: under(directory, env.text('DEPLOYBOT_DATA') ?? '.deploybot'),
    model,
    fallback,
    github,
    githubApiUrl,
    signIn: readSignIn(env),
    oidcIssuer: readOidcIssuer(env, github),
    humanWebhookSecrets: readWebhookSecrets(env),
    humanLayer: readHumanLayer(env, production),
    webhookPrivateHosts: readPrivateHosts(env, auth === 'local'),
    slack: readSlack(env),
    email: readEmail(env),
    sms: readSms(env),
    otlpEndpoint: env.url('OTEL_EXPORTER_OTLP_ENDPOINT', ['http:', 'https:']),
    logLevel: env.oneOf('LOG_LEVEL', LOG_LEVELS, 'info'),
    failpoint: readFailpoint(env, production),
    policy: env.collect(() => readPolicy(under(directory, env.text('DEPLOYBOT_CONFIG') ?? 'deploybot.yaml'))),
  }
  if (auth === 'local' && !loopback) env.refuse('DEPLOYBOT_AUTH', `local is for loopback; HOST is ${host}: use tokens`)
  if (config.humanWebhookSecrets.length === 0 && config.policy?.notify?.some(({ address }) => 'webhook' in address)) {
    env.refuse('HUMAN_WEBHOOK_SECRET', 'is missing: notify in deploybot.yaml names a webhook, which would not be told')
  }
  refuseUnpriced(env, [model, fallback], config.policy)
  if (production) refuseSandbox(env, config)
  return env.finish(config)
}

/** The same, with what a command was told in the place of what the environment says. */
export const readConfigWith = (told: Record<string, string | undefined>): Config => {
  const given = Object.entries(told).filter(([, value]) => value !== undefined)
  return readConfig({ ...process.env, ...Object.fromEntries(given) })
}

/** For fault tests only: where this process is to die, stop or fail. Null: nowhere. */
const readFailpoint = (env: Environment, production: boolean): Failpoint | null => {
  const text = env.text('DEPLOYBOT_FAILPOINT')
  if (text === null) return null
  if (production) return env.refuse('DEPLOYBOT_FAILPOINT', 'NODE_ENV=production allows no failpoint')
  const places = PLACES.join(', ')
  return (
    parseFailpoint(text) ?? env.refuse('DEPLOYBOT_FAILPOINT', `must be PLACE[:NTH[:kill|pause|throw]], of ${places}`)
  )
}

const under = (directory: string, path: string): string => (isAbsolute(path) ? path : join(directory, path))
const inUrl = (host: string): string => (host.includes(':') ? `[${host}]` : host)

const refuseSandbox = (
  env: Environment,
  config: { auth: string; database: object; model: unknown; github: unknown },
) => {
  const why = 'NODE_ENV=production allows no sandbox'
  if (config.auth === 'local') env.refuse('DEPLOYBOT_AUTH', 'NODE_ENV=production needs tokens')
  if (!('url' in config.database)) env.refuse('DATABASE_URL', `${why}: name a Postgres server`)
  if (config.model === null) env.refuse('LLM_PROVIDER', `${why}: name a model provider`)
  if (config.github === null) env.refuse('GITHUB_TOKEN', `${why}: give a token or an App`)
}
