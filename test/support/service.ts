import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { type Logger, pino } from 'pino'
import { inject, onTestFinished } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { type Service, type ServiceOptions, startService } from '../../src/service.ts'
import type { Event } from '../../src/thread/event.ts'
import type { ThreadView, WaitingFor } from '../../src/thread/view.ts'
import { freshDatabase } from './postgres.ts'

const ROOT = join(import.meta.dirname, '../..')
const PATIENCE_MS = 25_000
// Within the 600 requests a minute that a caller with a token has.
const LOOK_MS = 40

/** What the sandbox GitHub signs its webhooks with in tests. */
export const GITHUB_SECRET = 'a-github-webhook-secret'

/** The real service on a database of its own, with the sandboxes at a test's pace; gone when the test ends. */
export const startTestService = async (
  env: NodeJS.ProcessEnv = {},
  atEnd: (clean: () => Promise<void>) => void = onTestFinished,
  { beside, ...options }: Pick<ServiceOptions, 'sweepMs' | 'sandboxSlack'> & { beside?: Beside } = {},
  logger: Logger = pino({ level: 'silent' }),
) => {
  const database = beside ? { connection: beside.database.connection, drop: async () => {} } : await freshDatabase()
  const dataDir = await mkdtemp(join(inject('scratch'), 'service-'))
  const config = readConfig({ PORT: '0', DEPLOYBOT_DATA: dataDir, ...(beside && outsideOf(beside)), ...env }, ROOT)
  // The shipped rules ask at nine about what waits: not beside a test that happens to run then.
  const policy = { ...config.policy, schedules: { stale_commits: null } }
  const start = (): Promise<Service> =>
    startService({ ...config, policy }, logger, {
      database: { connection: database.connection },
      pace: { queued: 30, running: 60 },
      sandboxSecret: GITHUB_SECRET,
      sandboxSlack: false,
      ...options,
    })
  let service = await start()
  atEnd(async () => {
    await service.stop()
    await database.drop()
    await rm(dataDir, { recursive: true, force: true })
  })
  const api = createApi(() => service.url)
  return {
    ...api,
    database,
    url: () => service.url,
    /** Where the sandboxes listen: the service names them at its start. */
    github: () => addressIn(service, 'github'),
    model: () => addressIn(service, 'model'),
    slack: () => addressIn(service, 'slack'),
    stop: () => service.stop(),
    start: async () => {
      service = await start()
    },
    restart: async () => {
      await service.stop()
      service = await start()
    },
  }
}

/** What a second replica shares with the first. */
interface Beside {
  database: { connection: PoolConfig }
  github(): string
  model(): string
}

/** Another replica: it works with the GitHub and the model of the first one. */
const outsideOf = (first: Beside): NodeJS.ProcessEnv => ({
  GITHUB_TOKEN: 'sandbox',
  GITHUB_API_URL: first.github(),
  GITHUB_WEBHOOK_SECRET: GITHUB_SECRET,
  GITHUB_PACE_WRITES: 'off',
  LLM_PROVIDER: 'openai-generic',
  LLM_MODEL: 'sandbox-planner',
  LLM_API_KEY: 'sandbox',
  LLM_BASE_URL: `${first.model()}/v1`,
})

export type TestService = Awaited<ReturnType<typeof startTestService>>

const addressIn = ({ parts }: Service, part: string): string =>
  /http:\/\/127\.0\.0\.1:\d+/.exec(parts.find((line) => line.startsWith(part)) ?? '')?.[0] ?? ''

/** The HTTP API as a client sees it, which comes again for so long where it was busy, and waiting for what a thread comes to. */
export const createApi = (url: () => string, auth: Record<string, string> = {}, patienceMs = PATIENCE_MS) => {
  const call = async (path: string, init?: RequestInit) => {
    for (const deadline = Date.now() + patienceMs; ; await sleep(LOOK_MS)) {
      const answer = await fetch(`${url()}${path}`, { ...init, headers: { ...auth, ...init?.headers } })
      const text = await answer.text()
      const body = text && JSON.parse(text)
      // A busy machine turns new work away for a moment, and has taken none of it: come again, as any client would.
      const isBusy = answer.status === 503 && body.code === 'overloaded'
      if (!isBusy || Date.now() > deadline) return { status: answer.status, headers: answer.headers, body }
    }
  }
  const post = (path: string, body: object, headers: Record<string, string> = {}) =>
    call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const thread = async (id: string): Promise<ThreadView> => (await call(`/threads/${id}`)).body

  const until = async (id: string, what: string, holds: (view: ThreadView) => boolean): Promise<ThreadView> => {
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const { status, body } = await call(`/threads/${id}`)
      if (status === 200 && holds(body)) return body
      const late = `no ${what}: ${status} ${JSON.stringify(body.events?.slice(-3) ?? body)}`
      if (Date.now() > deadline) throw new Error(late)
      await sleep(LOOK_MS)
    }
  }
  return {
    call,
    post,
    thread,
    threads: async (query: string): Promise<{ id: string }[]> => (await call(`/threads?${query}`)).body.threads,
    until,
    launch: async (message: string): Promise<string> => (await post('/threads', { message })).body.id,
    untilStatus: (id: string, status: ThreadView['status']) => until(id, status, (view) => view.status === status),
    untilAsked: async <K extends WaitingFor['kind']>(id: string, kind: K, after = 0) => {
      const view = await until(id, kind, ({ waiting_for }) => waiting_for?.kind === kind && waiting_for.seq > after)
      return view.waiting_for as Extract<WaitingFor, { kind: K }>
    },
    untilEvent: (id: string, type: Event['type']) =>
      until(id, type, ({ events }) => events.some((e) => e.type === type)),
    respond: (id: string, to: number, answer: object) => post(`/threads/${id}/responses`, { to, ...answer }),
  }
}

/** The types of a thread's events, in order. */
export const types = ({ events }: ThreadView): string[] => events.map(({ type }) => type)
