import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { type Config, readConfig } from '../config.ts'
import { type Service, startService } from '../service.ts'
import { createClient } from './demo/client.ts'
import { play } from './demo/play.ts'
import { playRelease } from './demo/release.ts'

const { values, positionals } = parseArgs({
  options: { fast: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [story = 'conversation', ...more] = positionals
if (!['conversation', 'release'].includes(story) || more.length > 0) {
  throw new Error('say: npm run demo, or: npm run demo -- release')
}
const pace = values.fast ? { line: 0, thought: 0 } : { line: 350, thought: 1_600 }
const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** A service of our own, with sandboxes, on a throw-away database. */
const startOwn = async (config: Config) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-demo-'))
  const own = {
    ...config,
    dataDir,
    database: { dataDir },
    model: null,
    github: null,
    http: { ...config.http, port: 0 },
  }
  const service = await startService(own, pino({ level: 'silent' }), { sweepMs: 500, sandboxSlack: false })
  const stop = async (): Promise<void> => {
    await service.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return {
    client: createClient(service.url),
    where: `a service started for this, ${service.url}`,
    github: githubOf(service),
    stop,
  }
}

/** Where the sandbox GitHub is: the service names it at its start. */
const githubOf = ({ parts }: Service): string =>
  /http:\/\/[\d.:]+/.exec(parts.find((line) => line.startsWith('github')) ?? '')?.[0] ?? ''

/** The service that runs already, else one of our own. A release is played on one of our own: it would deploy what runs. */
const reach = async () => {
  const config = readConfig()
  const running = createClient(config.http.publicUrl)
  if (story === 'release' || !(await running.isUp())) return startOwn(config)
  return { client: running, where: config.http.publicUrl, github: '', stop: async () => {} }
}

const { client, where, github, stop } = await reach()
print(`\nDeploybot, playing on ${where}\n`)
const well = story === 'release' ? playRelease(client, github, print, pace) : play(client, print, pace)
process.exitCode = (await well) ? 0 : 1
await stop()
