import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const ROOT = join(import.meta.dirname, '../..')

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
