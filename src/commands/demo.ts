import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { pino } from 'pino'
import { readConfig } from '../config.ts'
import { startService } from '../service.ts'
import { createClient } from './demo/client.ts'
import { play } from './demo/play.ts'

const { values } = parseArgs({ options: { fast: { type: 'boolean', default: false } } })
const pace = values.fast ? { line: 0, thought: 0 } : { line: 350, thought: 1_600 }
const print = (line: string): void => void process.stdout.write(`${line}\n`)

/** The service that runs already, else one of our own on a throw-away database. */
const reach = async () => {
  const config = readConfig()
  const running = createClient(config.http.publicUrl)
  if (await running.isUp()) return { client: running, where: config.http.publicUrl, stop: async () => {} }
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-demo-'))
  const own = { ...config, dataDir, database: { dataDir }, http: { ...config.http, port: 0 } }
  const service = await startService(own, pino({ level: 'silent' }))
  const stop = async (): Promise<void> => {
    await service.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return { client: createClient(service.url), where: `a service started for this, ${service.url}`, stop }
}

const { client, where, stop } = await reach()
print(`\nDeploybot, playing on ${where}\n`)
process.exitCode = (await play(client, print, pace)) ? 0 : 1
await stop()
