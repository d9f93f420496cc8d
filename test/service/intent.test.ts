import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { describe, expect, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { Session } from '../../src/agent/session.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/store.ts'
import { fold } from '../../src/thread/evolve.ts'
import { startTestService, type TestService, types } from '../support/service.ts'
import { free } from '../thread/spec.ts'

/** A thread whose intent to start stands in the log, written by a process that then died. */
const intended = async (bot: TestService): Promise<{ id: string; dispatch_id: string }> => {
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.stop()
  const store = await openStore({ connection: bot.database.connection })
  const deps = { ...store, rules: rulesOf(readConfig({}).policy), logger: pino({ level: 'silent' }) }
  const actor = { kind: 'person', id: 'local' } as const
  const door = new WriteDoor({ ...deps, hasRoom: () => true })
  const events = await door.handle(id, { type: 'respond', to: seq, approved: true, actor })
  const state = fold(events)
  if (state?.status !== 'running' || state.pending?.do !== 'recheck') throw new Error('not approved')
  const session = new Session({ events, state }, deps)
  const { proposal } = state.pending
  await session.take({ type: 'prepared', to: proposal.to, facts: proposal, lane: free })
  await session.settled()
  await store.close()
  const last = session.events.at(-1)
  if (last?.type !== 'tool_started') throw new Error(`no intent: ${last?.type}`)
  return { id, dispatch_id: last.data.dispatch_id }
}

const dispatches = async (bot: TestService): Promise<number> => {
  const log = (await (await fetch(`${bot.github()}/_sandbox/requests`)).json()) as { method: string; path: string }[]
  return log.filter(({ method, path }) => method === 'POST' && path.endsWith('/dispatches')).length
}

describe('a process that died between intent and outcome', () => {
  test('had not called GitHub: the run is looked for, and nothing is ever sent again', async () => {
    const bot = await startTestService()
    const { id } = await intended(bot)
    await bot.start()
    const view = await bot.untilEvent(id, 'dispatch_unclear')
    await sleep(1_000)
    expect(view.waiting_for).toMatchObject({ kind: 'run', run_id: null })
    expect(await dispatches(bot)).toBe(0)
  })

  test('had called GitHub: its run is found by name and followed to the end', async () => {
    const bot = await startTestService()
    const { id, dispatch_id } = await intended(bot)
    await bot.start()
    const proposal = (await bot.thread(id)).events.find(({ type }) => type === 'approval_requested')?.data as {
      sha: string
    }
    await fetch(`${bot.github()}/repos/acme/shop/actions/workflows/deploy-backend.yml/dispatches`, {
      method: 'POST',
      headers: { authorization: 'token x', 'content-type': 'application/json' },
      body: JSON.stringify({
        ref: 'main',
        inputs: { dispatch_id, service: 'backend', environment: 'production', tag: 'v1.2.3', sha: proposal.sha },
      }),
    })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toEqual(expect.arrayContaining(['dispatch_unclear', 'run_reported', 'deploy_backend_result']))
    expect(await dispatches(bot)).toBe(1)
  })
})

describe('an answer of GitHub that is lost', () => {
  test('after it had accepted: one POST, and the run is found', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await fetch(`${bot.github()}/_sandbox/faults`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ do: 'drop', accept: true }),
    })
    await bot.respond(id, seq, { approved: true })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toContain('dispatch_unclear')
    expect(await dispatches(bot)).toBe(1)
  })

  test('no webhook at all: polling finishes the thread', async () => {
    const bot = await startTestService()
    await fetch(`${bot.github()}/_sandbox/webhooks`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ mode: 'off' }),
    })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
  })

  test('webhooks twice and in the wrong order change nothing', async () => {
    const bot = await startTestService()
    for (const mode of ['twice', 'reversed']) {
      await fetch(`${bot.github()}/_sandbox/webhooks`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ mode }),
      })
      const id = await bot.launch('deploy frontend v1.2.3 to staging')
      const done = await bot.untilStatus(id, 'done')
      const reports = done.events.flatMap((event) => (event.type === 'run_reported' ? [event.data] : []))
      expect(new Set(reports.map(({ status, jobs }) => JSON.stringify([status, jobs]))).size).toBe(reports.length)
      expect(reports.at(-1)).toMatchObject({ status: 'completed' })
    }
  })
})
