import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import type { Append, Log, Model, Ports, Tools } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { Worker } from '../../src/agent/worker.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/store.ts'
import { freshDatabase } from '../support/postgres.ts'
import { facts } from '../thread/spec.ts'

const call = { model: 'm', prompt_hash: 'h', input_tokens: 0, output_tokens: 0, ms: 0 }
const { policy } = readConfig({})

/** A worker that is told to stop at the moment when an intent is committed, or has just been. */
const stoppedAtIntent = async (moment: 'before' | 'after') => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  onTestFinished(async () => {
    await store.close()
    await drop()
  })
  const sent: boolean[] = []
  const tools = {
    read: async ({ intent }: { intent: string }) =>
      intent === 'list_git_tags' ? { intent, data: { tags: [], more: false } } : { intent, data: { live: [] } },
    openRuns: async () => [],
    prepare: async () => facts({ environment: 'staging', stage: null }),
    dispatch: async (_, signal) => {
      sent.push(!signal?.aborted)
      return signal?.aborted
        ? { outcome: 'deferred', retry_after_ms: 0, reason: 'it stops' }
        : { outcome: 'accepted', run_id: 1, html_url: null }
    },
    verify: async () => null,
    cancelRun: async () => ({ accepted: true, message: '' }),
  } as Tools
  const next: Model['next'] = async () => {
    return { ok: true, step: { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' }, call }
  }
  let stopped: Promise<void> | null = null
  const log: Log = {
    ...store.log,
    append: async (row: Append) => {
      const isIntent = row.events.some(({ type }) => type === 'tool_started')
      if (isIntent && moment === 'before') stopped ??= worker.stop()
      const answer = await store.log.append(row)
      if (isIntent && moment === 'after') stopped ??= worker.stop()
      return answer
    },
  }
  const channel = { name: 'none', deliver: async () => ({ ok: true }) }
  const ports = { tools, model: { next } as Model, channel, lanes: store.lanes, threads: {} as Ports['threads'] }
  const session = { ...store, log, rules: rulesOf(policy), logger: pino({ level: 'silent' }) }
  const loop = { ports, policy, logger: session.logger, now: log.now }
  const worker: Worker = new Worker({ queue: store.queue, bell: store.bell, session, loop })
  const door = new WriteDoor({ ...session, hasRoom: () => worker.hasRoom() })
  worker.start()
  const actor = { kind: 'person', id: 'dev' } as const
  const [first] = await door.launch({ type: 'launch', agent: 'deploy', message: 'deploy it', actor })
  for (let i = 0; i < 200 && !stopped; i++) await new Promise((resolve) => setTimeout(resolve, 10))
  await stopped
  const { events } = await store.log.load(first?.thread_id ?? '')
  return { sent, types: events.map(({ type }) => type) }
}

test.each(['before', 'after'] as const)(
  'told to stop %s an intent is committed: nothing is sent any more, and the log says so, so that nobody looks for a run',
  async (moment) => {
    const { sent, types } = await stoppedAtIntent(moment)
    expect(sent).not.toContain(true)
    expect(types.filter((type) => type === 'tool_started')).toHaveLength(1)
    expect(types.at(-1)).toBe('dispatch_deferred')
  },
)
