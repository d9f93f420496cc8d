import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Event } from '../../src/thread/event.ts'
import type { ThreadView } from '../../src/thread/view.ts'
import { freePort } from '../support/free-port.ts'
import { median, rounds, table } from './report.ts'

// How long a newcomer waits: the service as a process of its own, its sandboxes, a first and a second start.
const ROOT = join(import.meta.dirname, '../..')

const start = async (dataDir: string) => {
  const port = await freePort()
  const began = performance.now()
  const env = { PATH: process.env['PATH'] ?? '', PORT: String(port), DEPLOYBOT_DATA: dataDir, LOG_LEVEL: 'silent' }
  const child = spawn(process.execPath, ['src/main.ts'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] })
  await once(child.stdout, 'data')
  const ms = performance.now() - began
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { url: `http://127.0.0.1:${port}`, ms, stop }
}

const call = async (url: string, body?: object): Promise<ThreadView> => {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  return (await fetch(url, body ? post : {})).json() as Promise<ThreadView>
}

const until = async (url: string, holds: (thread: ThreadView) => boolean): Promise<ThreadView> => {
  for (;;) {
    const thread = await call(url)
    if (holds(thread)) return thread
    await sleep(2)
  }
}

const at = (events: readonly Event[], type: Event['type']): number =>
  Date.parse(events.find((event) => event.type === type)?.at ?? '')

/** From the sentence to the finished deployment, in ms by the database's own clock. */
const deploy = async (url: string, service: string) => {
  const { id } = await call(`${url}/threads`, { message: `deploy ${service} v1.2.3 to production` })
  const thread = `${url}/threads/${id}`
  const { waiting_for } = await until(thread, (it) => it.waiting_for?.kind === 'approval')
  await call(`${thread}/responses`, { to: waiting_for?.seq, approved: true })
  const { events } = await until(thread, ({ status }) => status === 'done')
  return {
    asked: at(events, 'approval_requested') - at(events, 'thread_launched'),
    dispatched: at(events, 'dispatch_accepted') - at(events, 'approval_given'),
    done: at(events, 'done_for_now') - at(events, 'thread_launched'),
  }
}

const round = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-bench-'))
  const first = await start(dataDir)
  const cold = await deploy(first.url, 'backend')
  const warm = await deploy(first.url, 'frontend')
  await first.stop()
  const second = await start(dataDir)
  await second.stop()
  await rm(dataDir, { recursive: true, force: true })
  return { first: first.ms, second: second.ms, cold, warm }
}

const measured: Awaited<ReturnType<typeof round>>[] = []
for (let i = 0; i < rounds; i++) measured.push(await round())
const row = (what: string, goal: string, of: (one: (typeof measured)[number]) => number) => {
  const values = measured.map(of)
  return [what, Math.round(median(values)), Math.round(Math.max(...values)), goal]
}
table(
  `first deployment, ${rounds} rounds, ms`,
  ['', 'median', 'worst', 'goal'],
  [
    row('first start to listening', '< 3000', ({ first }) => first),
    row('next start to listening', '< 1000', ({ second }) => second),
    row('POST to approval request, first thread', '< 300', ({ cold }) => cold.asked),
    row('POST to approval request, later', '< 300', ({ warm }) => warm.asked),
    row('approval to dispatch accepted, first thread', '< 50', ({ cold }) => cold.dispatched),
    row('approval to dispatch accepted, later', '< 50', ({ warm }) => warm.dispatched),
    row('POST to done, approved at once', '', ({ warm }) => warm.done),
  ],
)
