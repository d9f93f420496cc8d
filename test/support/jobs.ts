import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { onTestFinished } from 'vitest'
import { parse, stringify } from 'yaml'
import { freePort } from './free-port.ts'
import { deployClaims, jobClaims, startIssuer } from './issuer.ts'
import { startTestService } from './service.ts'

const SHIPPED = join(import.meta.dirname, '../../deploybot.yaml')
export const RULE = { repository: 'acme/shop', ref: 'refs/heads/main', workflow: 'release.yml' }

type AtEnd = (clean: () => Promise<void>) => void

/** The shipped rules, and these jobs let in. */
const rulesWith = async (actions: object[], atEnd: AtEnd): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-jobs-'))
  atEnd(() => rm(directory, { recursive: true, force: true }))
  const file = join(directory, 'deploybot.yaml')
  await writeFile(file, stringify({ ...parse(await readFile(SHIPPED, 'utf8')), actions }))
  return file
}

/** The real service at an address of its own, and an issuer that it believes. */
export const startJobService = async (
  env: NodeJS.ProcessEnv = {},
  actions = [RULE],
  atEnd: AtEnd = onTestFinished,
  logger?: Logger,
) => {
  const port = await freePort()
  const issuer = await startIssuer(`http://127.0.0.1:${port}`, (end) => atEnd(async () => end()))
  const settings = {
    PORT: String(port),
    GITHUB_OIDC_ISSUER: issuer.url,
    DEPLOYBOT_CONFIG: await rulesWith(actions, atEnd),
  }
  const bot = await startTestService({ ...settings, ...env }, atEnd, {}, logger)
  const control = (path: string, method: string, body: object) =>
    fetch(`${bot.github()}/_sandbox/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  return {
    ...bot,
    issuer,
    control,
    /** Runs stay queued from now on, so that there is time to claim. */
    holdRuns: () => control('pace', 'PUT', { queued: 60_000, running: 60_000 }),
    asJob: async (claims = jobClaims()) => bearer(await issuer.token(claims)),
    claim: async (dispatchId: string, runId: number, claims = deployClaims(runId)) =>
      bot.post(`/dispatches/${dispatchId}/claim`, {}, bearer(await issuer.token(claims))),
    bearer,
  }
}

export type JobService = Awaited<ReturnType<typeof startJobService>>
