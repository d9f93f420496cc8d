import { setTimeout as sleep } from 'node:timers/promises'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import type { Append, Log } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { Session } from '../../src/agent/session.ts'
import { readConfig } from '../../src/config.ts'
import { openStore } from '../../src/store/store.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Outcome } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { freshDatabase } from '../support/postgres.ts'
import { free, facts as shipped } from '../thread/spec.ts'

const person = { kind: 'person', id: 'lead' } as const
const call = { model: 'm', prompt_hash: 'h', input_tokens: 1, output_tokens: 1, ms: 1 }
const facts: Outcome = {
  type: 'facts_fetched',
  results: [
    { intent: 'list_git_tags', data: { tags: [], more: false } },
    { intent: 'check_deployment_status', data: { live: [] } },
  ],
}

/** A thread in the hands of a session, over a log that counts its appends and can be told to fail. */
const opened = async (before: (row: Append) => Promise<void> = async () => {}) => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  onTestFinished(async () => {
    await store.close()
    await drop()
  })
  const appends: number[] = []
  const log: Log = {
    ...store.log,
    append: async (row) => {
      appends.push(row.events.length)
      await before(row)
      return store.log.append(row)
    },
  }
  const deps = { bell: store.bell, rules: rulesOf(readConfig({}).policy), logger: pino({ level: 'silent' }) }
  const door = new WriteDoor({ ...deps, log: store.log, hasRoom: () => true })
  const events = await door.launch({ type: 'launch', agent: 'deploy', message: 'what is live?', actor: person })
  const state = fold(events)
  if (!state) throw new Error('no state')
  const session = new Session({ events, state }, { ...deps, log })
  const stored = async () => (await store.log.load(session.id)).events.map(({ type }) => type)
  return { session, door, stored, appends, store, deps }
}

test('what was taken is committed in order, in one commit where nothing waited for it', async () => {
  const { session, stored, appends } = await opened()
  await session.take(facts)
  const step = { intent: 'done_for_now', message: 'bye' } as const
  await session.take({ type: 'step_selected', step, seen: session.state.last_words, call })
  expect(await stored()).toEqual(['thread_launched', 'message'])
  expect(await session.rest(null)).toBe(true)
  expect((await stored()).slice(2)).toEqual(['list_git_tags_result', 'check_deployment_status_result', 'done_for_now'])
  expect(appends).toEqual([3])
})

test('what is not committed waits a few milliseconds for what comes of it, from the first of it on', async () => {
  const { session } = await opened()
  expect(session.patience).toBe(0)
  await session.take(facts)
  expect(session.patience).toBeGreaterThan(2)
  await sleep(20)
  const step = { intent: 'list_git_tags' } as const
  await session.take({ type: 'step_selected', step, seen: session.state.last_words, call })
  expect(session.patience).toBe(0)
  await session.settled()
  await session.take({
    type: 'tool_returned',
    to: session.state.version,
    result: { intent: 'list_git_tags', data: { tags: [], more: false } },
  })
  expect(session.patience).toBeGreaterThan(2)
})

test('where a person wrote first, what is not committed is decided again: a step that did not see their words is dropped', async () => {
  const { session, door, stored } = await opened()
  await session.take(facts)
  const step = { intent: 'done_for_now', message: 'bye' } as const
  await session.take({ type: 'step_selected', step, seen: session.state.last_words, call })
  await door.handle(session.id, { type: 'message', message: 'wait', actor: person })
  await session.settled()
  expect((await stored()).slice(2)).toEqual(['message', 'list_git_tags_result', 'check_deployment_status_result'])
  expect(session.state.status).toBe('running')
  expect(session.events.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
})

test('it is not let go where something came meanwhile, and then knows what', async () => {
  const { session, door } = await opened()
  await door.handle(session.id, { type: 'message', message: 'and now?', actor: person })
  expect(await session.rest(null)).toBe(false)
  expect(session.events).toHaveLength(3)
  expect(await session.rest(null)).toBe(true)
})

test('it is not let go for a time that was found before others wrote', async () => {
  const { session, door, stored } = await opened()
  await session.take(facts)
  await door.handle(session.id, { type: 'message', message: 'and now?', actor: person })
  const before = session.state
  session.flush()
  expect(await session.rest(null, before)).toBe(false)
  expect(session.state).not.toBe(before)
  await session.settled()
  expect(await stored()).toEqual(session.events.map(({ type }) => type))
})

test('a commit that fails behind the work is thrown at whoever waits for it, and nobody else', async () => {
  const { session, stored } = await opened(() => Promise.reject(new Error('Connection terminated')))
  await session.take(facts)
  session.flush()
  await new Promise(setImmediate)
  await expect(session.settled()).rejects.toThrow('Connection terminated')
  await expect(session.rest(null)).rejects.toThrow('Connection terminated')
  expect(await stored()).toEqual(['thread_launched', 'message'])
})

test('only an intent that this session wrote a moment ago may be acted on', async () => {
  const { session } = await opened()
  expect(session.owns(1)).toBe(false)
  expect(session.owns(0)).toBe(false)
})

test('where another thread was quicker to start in its place, it has started nothing, and looks at the facts anew', async () => {
  const { session, store, deps } = await opened()
  const ready = async (on: Session) => {
    await on.take(facts)
    const step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' } as const
    await on.take({ type: 'step_selected', step, seen: on.state.last_words, call })
    await on.settled()
    const to = on.state.version
    const found = shipped({ environment: 'staging', stage: null })
    await on.take({ type: 'prepared', to, facts: found, lane: free })
    expect(on.events.at(-1)?.type).toBe('tool_started')
  }
  const door = new WriteDoor({ ...deps, log: store.log, hasRoom: () => true })
  const events = await door.launch({ type: 'launch', agent: 'deploy', message: 'me too', actor: person })
  const other = new Session({ events, state: fold(events) as never }, { ...deps, log: store.log })
  await ready(session)
  await ready(other)
  await other.settled()
  await session.settled()
  expect(other.events.at(-1)?.type).toBe('tool_started')
  expect(session.events.at(-1)?.type).toBe('deploy_backend')
  expect(next(session.state)).toMatchObject({ do: 'prepare', approved: false })
})
