import { setTimeout as sleep } from 'node:timers/promises'
import type { PoolConfig } from 'pg'
import { pino } from 'pino'
import { WriteDoor } from '../../../src/agent/door.ts'
import type { Log, Model, Ports, Tools } from '../../../src/agent/ports.ts'
import { Recent } from '../../../src/agent/recent.ts'
import { rulesOf } from '../../../src/agent/rules.ts'
import { Worker } from '../../../src/agent/worker.ts'
import { readConfig } from '../../../src/config.ts'
import { openStore } from '../../../src/store/store.ts'
import type { Event } from '../../../src/thread/event.ts'
import { facts as factsOf } from '../../thread/spec.ts'

const SHA = '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582'
export const call = { model: 'instant', prompt_hash: 'none', input_tokens: 0, output_tokens: 0, ms: 0 }

/** Enough that threads in flight do not meet, nor those of another process: in one place they would go one after the other. */
const SERVICES = Array.from({ length: 512 }, (_, i) => `shop-${process.pid}-${i}`)
let turn = 0
const nextService = (): string => SERVICES[turn++ % SERVICES.length] ?? ''

/** A model that knows the answer at once. */
export const deploys: Model['next'] = async ({ thread }) => ({
  ok: true,
  step: thread.includes('<deploy_service_result>')
    ? { intent: 'done_for_now', message: 'done' }
    : { intent: 'deploy_service', service: nextService(), tag: 'v1.2.3', environment: 'production' },
  call,
})

const facts = factsOf({ sha: SHA, live: null, direction: 'first', commits: [], commits_total: 0, stage: null })

/** Tools that are done at once. `started` hears the first instruction of each dispatch. */
const toolsThat = (started: (threadId: string) => void): Tools => ({
  read: async ({ intent }) =>
    intent === 'list_git_tags'
      ? { intent, data: { tags: [{ name: 'v1.2.3', commit: SHA, date: null }], more: false } }
      : { intent: 'check_deployment_status', data: { live: [] } },
  openRuns: async () => [],
  prepare: async ({ service }) => ({ ...facts, service }),
  dispatch: async ({ dispatch_id }) => {
    started(dispatch_id.slice(0, 36))
    return { outcome: 'accepted', run_id: 1, html_url: null }
  },
  verify: async ({ dispatch_id }) => ({
    dispatch_id,
    run_id: 1,
    attempt: 1,
    status: 'completed',
    conclusion: 'success',
    html_url: '',
  }),
  cancelRun: async () => ({ accepted: true, message: '' }),
})

/** The real store, door and worker, with a model and tools that take no time, and as many steps as it likes. */
export const startBot = async (connection: PoolConfig, next: Model['next'] = deploys) => {
  const store = await openStore({ connection })
  // Whoever waits, by what they wait for. An emitter of as many names took 8 us of CPU a thread; this takes 3.
  const waiting = new Map<string, () => void>()
  const tell = (what: string): void => {
    waiting.get(what)?.()
    waiting.delete(what)
  }
  const log: Log = {
    ...store.log,
    append: async (row) => {
      const answer = await store.log.append(row)
      // As a ring of the bell does: nobody outside hears of a commit before those who made it.
      setImmediate(() => {
        for (const { type, thread_id } of row.events) tell(`${type} ${thread_id}`)
      })
      return answer
    },
  }
  const shipped = readConfig({}).policy
  const places = Object.fromEntries(SERVICES.map((name) => [name, { workflow: 'deploy-backend.yml', ref: 'main' }]))
  const policy = { ...shipped, services: { ...shipped.services, ...places } }
  const { limits, ...rest } = rulesOf(policy)
  const rules = { ...rest, limits: { ...limits, model_calls: Number.MAX_SAFE_INTEGER } }
  const logger = pino({ level: 'silent' })
  const ports = {
    model: { next } as Model,
    tools: toolsThat((threadId) => tell(`started ${threadId}`)),
    channel: { name: 'none', deliver: async () => ({ ok: true }) },
    threads: {} as Ports['threads'],
    lanes: store.lanes,
  }
  const recent = new Recent()
  const session = { log, bell: store.bell, rules, logger, recent }
  const loop = { ports, policy, logger, now: log.now }
  const worker = new Worker({ queue: store.queue, bell: store.bell, session, loop })
  worker.start()
  // Before its first sweep it leaves what comes to whoever looks first.
  while (!worker.hasRoom()) await sleep(5)
  return {
    store,
    door: new WriteDoor({ log, bell: store.bell, rules, recent, hasRoom: () => worker.hasRoom() }),
    /** Resolves when such an event of the thread is committed (`started`: when its dispatch begins). */
    when: (type: Event['type'] | 'started', threadId: string): Promise<unknown> =>
      new Promise<void>((resolve) => waiting.set(`${type} ${threadId}`, resolve)),
    stop: async () => {
      await worker.stop()
      await store.close()
    },
  }
}

export type Bot = Awaited<ReturnType<typeof startBot>>
