import { flushCompileCache } from 'node:module'
import closeWithGrace from 'close-with-grace'
import { type Config, ConfigError, readConfig } from './config.ts'
import { type Service, startService } from './service.ts'
import { createLogger } from './telemetry/logger.ts'

const DRAIN_MS = 10_000
// What node and Postgres say when there is no server, no such database, or no right to it.
const DATABASE = /^(ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|28|3D|57)/

const main = async (): Promise<void> => {
  const config = readConfig()
  const logger = createLogger(config.logLevel)
  const service = await startService(config, logger)
  closeWithGrace({ delay: DRAIN_MS, logger }, async ({ err }) => {
    if (err) logger.fatal({ err }, 'stopping after an error')
    await service.stop()
  })
  greet(service, config.auth)
  // Else it is written at an orderly end alone: whoever is killed, as containers are, would compile all anew at each start.
  flushCompileCache()
}

/** What runs here, and a first thing to try. */
const greet = ({ url, parts }: Service, auth: Config['auth']): void => {
  const token = auth === 'tokens' ? " -H 'authorization: Bearer TOKEN'" : ''
  const lines = [
    '',
    `Deploybot listens on ${url}`,
    ...parts.map((part) => `  ${part}`),
    '',
    'Try:',
    `  curl -X POST ${url}/threads${token} -H 'content-type: application/json' -d '{"message":"deploy backend v1.2.3 to production"}'`,
    '',
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

/** One clear line for what an operator can mend; a stack only for what is our mistake. */
const explain = (error: unknown): string => {
  if (error instanceof ConfigError) return error.problems.join('\n')
  if (!(error instanceof Error)) return String(error)
  const { code, port } = error as Error & { code?: string; port?: number }
  if (code === 'EADDRINUSE') return `port ${port} is in use: stop what listens there, or set PORT`
  if (DATABASE.test(code ?? '')) return `database: ${error.message}`
  return code === undefined ? (error.stack ?? error.message) : error.message
}

main().catch((error: unknown) => {
  process.stderr.write(`deploybot cannot start:\n${explain(error)}\n`)
  process.exit(1)
})
