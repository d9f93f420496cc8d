import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../../..')
const START_MS = 30_000
const REMEMBERED = 20_000
// How node and close-with-grace tell of a rejection that nobody handled.
const UNHANDLED = /unhandled|uncaught|triggerUncaught|stopping after an error/gi

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** One process of the service, as `npm start` runs it. Resolves when it listens; rejects when it ended before. */
export const startReplica = async (env: Record<string, string>) => {
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', LOG_LEVEL: 'warn', PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const replica = { url: '', alive: true, unhandled: 0 }
  let output = ''
  const ended = once(child, 'exit').then(([code, signal]) => {
    running.delete(child)
    replica.alive = false
    return { code: code as number | null, signal: signal as NodeJS.Signals | null }
  })
  const hear = (chunk: Buffer): void => {
    const text = String(chunk)
    replica.unhandled += text.match(UNHANDLED)?.length ?? 0
    output = (output + text).slice(-REMEMBERED)
    replica.url ||= /listens on (http:\S+)/.exec(output)?.[1] ?? ''
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  const deadline = Date.now() + START_MS
  while (replica.alive && replica.url === '' && Date.now() < deadline) await sleep(5)
  const signal = (name: NodeJS.Signals) => () => void (replica.alive && child.kill(name))
  const handle = {
    pid: child.pid ?? 0,
    state: replica,
    ended,
    kill: signal('SIGKILL'),
    terminate: signal('SIGTERM'),
    stop: signal('SIGSTOP'),
    goOn: signal('SIGCONT'),
  }
  if (replica.url === '') {
    handle.kill()
    throw new Error(`the service did not start: ${output.slice(-2_000)}`)
  }
  return handle
}

export type Replica = Awaited<ReturnType<typeof startReplica>>
