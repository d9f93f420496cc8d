import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import { createGates } from '../../src/agent/gates.ts'
import { ToolError, type WaitingRun } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { Session } from '../../src/agent/session.ts'
import { openStore } from '../../src/store/store.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Outcome } from '../../src/thread/input.ts'
import { FREE } from '../../src/thread/lane.ts'
import { freshDatabase } from '../support/postgres.ts'
import { facts, policy as team } from '../thread/spec.ts'

const run = (more: Partial<WaitingRun> = {}): WaitingRun => ({
  repository: 'acme/shop',
  run_id: 7,
  attempt: 1,
  workflow: 'deploy-backend.yml',
  ref: 'main',
  sha: 'c'.repeat(40),
  title: 'Deploy',
  event: 'push',
  requested_by: 'SHOP-LEAD',
  html_url: 'http://github.test/runs/7',
  ...more,
})

/** The real store and door, a GitHub where these runs wait, and nobody who works on the threads. */
const start = async (
  waiting: [WaitingRun, ...string[]][] = [[run(), 'production']],
  ours: string[] = ['production', 'vault'],
  policy = team,
) => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  onTestFinished(async () => {
    await store.close()
    await drop()
  })
  const { log, bell, listing } = store
  const door = new WriteDoor({ log, bell, rules: rulesOf(policy), hasRoom: () => false })
  const said: [object, string][] = []
  const asked: string[] = []
  const runs = {
    waiting: async (repository: string) => waiting.map(([one]) => one).filter((one) => one.repository === repository),
    run: async (_: string, id: number) => waiting.find(([{ run_id }]) => run_id === id)?.[0] ?? null,
    environments: async (_: string, id: number) =>
      (waiting.find(([{ run_id }]) => run_id === id)?.slice(1) as string[]) ?? [],
    isOurs: async (_: string, environment: string) => {
      asked.push(environment)
      return ours.includes(environment)
    },
  }
  const logger = { info: (fields: object, message: string) => void said.push([fields, message]) }
  const members = {
    isMember: async (team: string, login: string) => {
      if (login === 'unknowable') throw new ToolError('github_forbidden', 'Members: read')
      return team === 'acme/oncall' && login === 'aiko-t'
    },
  }
  const gates = createGates({ door, log, listing, runs, members, policy, logger })
  const threads = async () => (await listing.list({ agent: 'gate', limit: 100 })).threads
  const read = async (id = '') => {
    const { events } = await log.load(id)
    return { events, state: fold(events) }
  }
  /** What a worker learnt on the way. */
  const works = async (id: string, outcome: Outcome) => {
    const { events, state } = await read(id)
    if (!state) throw new Error('no thread')
    const session = new Session(
      { events, state },
      { log, bell, rules: rulesOf(policy), logger: pino({ level: 'silent' }) },
    )
    await session.take(outcome)
    await session.settled()
  }
  return { gates, works, threads, read, said, asked, waiting }
}

test('a run that waits for us gets a thread, in the name of who started it', async () => {
  const { gates, read } = await start()
  const [id] = await gates.asked('acme/shop', 7)
  const { events, state } = await read(id)
  expect(events[0]).toMatchObject({
    data: { agent: 'gate', title: 'May run 7 of deploy-backend.yml (ccccccc) go on to production?' },
    actor: { kind: 'person', id: 'lead', via: 'github run' },
  })
  expect(state?.gate?.request).toEqual({ ...run(), environment: 'production', service: 'backend' })
  expect(state?.requesters).toEqual(['lead'])
})

test('whoever is nobody of deploybot.yaml is GitHub, and the workflow of no service stands for itself', async () => {
  const { gates, read } = await start([[run({ requested_by: 'ann', workflow: 'nightly.yml' }), 'production']])
  const { events, state } = await read((await gates.asked('acme/shop', 7))[0])
  expect(events[0]?.actor).toEqual({ kind: 'github' })
  expect(state?.gate?.request.service).toBe('nightly.yml')
})

test('whoever belongs to the team that a person is has asked in that person`s name', async () => {
  const policy = { ...team, people: { ...team.people, oncall: { github_team: 'acme/oncall' } } }
  const { gates, read } = await start([[run({ requested_by: 'aiko-t' }), 'production']], undefined, policy)
  const { events, state } = await read((await gates.asked('acme/shop', 7))[0])
  expect(events[0]?.actor).toEqual({ kind: 'person', id: 'oncall', via: 'github run' })
  expect(state?.requesters).toEqual(['oncall'])
})

test('where GitHub does not say who is in a team nobody is asked yet: the starter might approve alone', async () => {
  const policy = { ...team, people: { ...team.people, oncall: { github_team: 'acme/oncall' } } }
  const { gates, threads } = await start([[run({ requested_by: 'unknowable' }), 'production']], undefined, policy)
  await expect(gates.asked('acme/shop', 7)).rejects.toMatchObject({ code: 'github_forbidden' })
  expect(await threads()).toEqual([])
})

test('asked by many at once, and swept as well, it is one thread', async () => {
  const { gates, threads, asked } = await start()
  const all = await Promise.all(Array.from({ length: 10 }, () => gates.asked('acme/shop', 7)))
  await gates.sweep()
  const [one, ...more] = await threads()
  expect(more).toEqual([])
  expect(all).toEqual(all.map(() => [one?.id]))
  const before = asked.length
  expect(await gates.asked('acme/shop', 7)).toEqual([one?.id])
  expect(asked).toHaveLength(before)
})

test('each environment, and each attempt, is asked for by itself', async () => {
  const { gates, threads, waiting } = await start([[run(), 'production', 'vault']])
  await gates.sweep()
  expect(await threads()).toHaveLength(2)
  waiting.splice(0, 1, [run({ attempt: 2 }), 'production'])
  await gates.sweep()
  expect(await threads()).toHaveLength(3)
})

test('what deploybot.yaml does not name, and gates of others, are left alone with a line in the log', async () => {
  const { gates, threads, said } = await start([[run(), 'moon', 'staging', 'constructor']])
  expect(await gates.asked('acme/shop', 7)).toEqual([])
  expect(await gates.asked('acme/shop', 1)).toEqual([])
  expect(await threads()).toEqual([])
  expect(said).toEqual(
    expect.arrayContaining([
      [{ run_id: 7, environment: 'moon' }, expect.stringContaining('does not name')],
      [{ run_id: 7, environment: 'constructor' }, expect.stringContaining('does not name')],
      [{ run_id: 7, environment: 'staging' }, expect.stringContaining('not ours')],
    ]),
  )
})

test('nobody is asked any longer about a run that waits no more', async () => {
  const { gates, works, read, waiting } = await start()
  const [id = ''] = await gates.asked('acme/shop', 7)
  const gate = {
    run_id: 7,
    attempt: 1,
    title: '',
    event: 'push',
    requested_by: null,
    html_url: '',
    dispatched_by: null,
  }
  const found = facts({ gate: { ...gate, commit_by: 'run' } })
  await works(id, { type: 'prepared', to: 3, facts: found, lane: FREE })
  await gates.sweep()
  expect((await read(id)).state?.status).toBe('awaiting_approval')
  waiting.length = 0
  await gates.sweep()
  expect((await read(id)).state?.status).toBe('done')
})

test('runs of a second repository that wait are found, asked about there, and forgotten there when they are gone', async () => {
  const search = { workflow: 'deploy-backend.yml', ref: 'main', repository: 'acme/search' }
  const policy = { ...team, services: { ...team.services, search } }
  const waiting: [WaitingRun, ...string[]][] = [
    [run(), 'production'],
    [run({ repository: 'acme/search', run_id: 8 }), 'production'],
  ]
  const { gates, works, threads, read } = await start(waiting, ['production'], policy)
  await gates.sweep()
  const all = await Promise.all((await threads()).map(async ({ id }) => ({ id, ...(await read(id)) })))
  expect(all.map(({ state }) => state?.gate?.request)).toMatchObject([
    { repository: 'acme/search', run_id: 8, service: 'search' },
    { repository: 'acme/shop', run_id: 7, service: 'backend' },
  ])
  const id = all[0]?.id ?? ''
  await works(id, { type: 'prepared', to: all[0]?.events.at(-1)?.seq ?? 0, facts: facts({ stage: null }), lane: FREE })
  waiting.splice(1)
  await gates.sweep()
  expect((await read(id)).events.some(({ type }) => type === 'approval_superseded')).toBe(true)
  expect((await read(all[1]?.id)).events.some(({ type }) => type === 'approval_superseded')).toBe(false)
})
