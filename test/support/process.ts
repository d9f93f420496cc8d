import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { freshDatabase } from './postgres.ts'

const ROOT = join(import.meta.dirname, '../..')

/** A port that was free a moment ago. */
export const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** A directory that is gone when the test ends. */
export const directory = async (): Promise<string> => {
  const path = await mkdtemp(join(tmpdir(), 'deploybot-process-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  return path
}

/** Settings of a process of its own on a database and a data directory of its own. */
export const settings = async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const url = `postgresql:///${connection.database}?host=${connection.host}&user=${connection.user}`
  return { DATABASE_URL: url, DEPLOYBOT_DATA: await directory(), PORT: String(await freePort()) }
}

/** The service as a process of its own, as `npm start` runs it. Resolves when it has greeted, or has ended. */
export const spawnService = async (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'silent', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  let output = ''
  const heard = new Promise<void>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk
        if (output.includes('Try:')) resolve()
      })
    }
  })
  onTestFinished(() => void kill(child))
  await Promise.race([heard, ended])
  return { output: () => output, ended, kill: () => kill(child).then(() => ended), terminate: () => end(child, ended) }
}

const kill = async (child: ChildProcess): Promise<void> => void child.kill('SIGKILL')
const end = (child: ChildProcess, ended: Promise<number | null>) => {
  child.kill('SIGTERM')
  return ended
}
