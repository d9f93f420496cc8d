import { expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import type { Waiting } from '../../src/agent/ports.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { createStaleCheck } from '../../src/agent/schedules.ts'
import { openStore } from '../../src/store/store.ts'
import { freshDatabase } from '../support/postgres.ts'
import { policy as plain } from '../thread/spec.ts'

const NINE_IN_BERLIN = '2026-11-23T08:00:00.000Z'
const later = (minutes: number): string => new Date(Date.parse(NINE_IN_BERLIN) + minutes * 60_000).toISOString()
const waits = (head: string, live = 'a'.repeat(40)): Waiting => ({
  live: { tag: 'v1.2.2', sha: live },
  head,
  commits: 7,
  url: 'http://github.test/compare',
})

/** Two replicas over one database, a clock of the test's own, and what GitHub would say. */
const start = async (elsewhere: Record<string, string> = {}) => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  onTestFinished(async () => {
    await store.close()
    await drop()
  })
  const schedule = {
    cron: '0 9 * * 1-5',
    tz: 'Europe/Berlin',
    services: ['backend', 'frontend'],
    environment: 'production',
  }
  const services = Object.fromEntries(
    Object.entries(plain.services).map(([name, service]) => [
      name,
      { ...service, ...(elsewhere[name] ? { repository: elsewhere[name] } : {}) },
    ]),
  )
  const policy = { ...plain, services, schedules: { stale_commits: schedule } }
  const { bell, listing } = store
  const door = new WriteDoor({ log: store.log, bell, rules: rulesOf(policy), hasRoom: () => false })
  const world = {
    now: NINE_IN_BERLIN,
    setUpAt: later(-60),
    waiting: { backend: waits('1'.repeat(40)) } as Record<string, Waiting>,
    asked: [] as string[],
  }
  const branches = {
    waiting: async (repository: string, { service }: { service: string }) => {
      world.asked.push(`${service} in ${repository}`)
      return world.waiting[service] ?? null
    },
  }
  const log = { now: async () => world.now }
  const replica = () => createStaleCheck({ door, log, listing, branches, policy, setUpAt: async () => world.setUpAt })
  const threads = async () => (await listing.list({ limit: 100 })).threads.toReversed()
  return { world, replica, threads, door, one: replica(), two: replica() }
}

test('at its time, in its zone, a thread is opened for each service with commits that wait', async () => {
  const { one, threads, world } = await start()
  await one()
  expect(await threads()).toMatchObject([
    { title: 'backend has 7 commits on main that are not on production. Propose what to do.' },
  ])
  expect(world.asked).toEqual(['backend in acme/shop', 'frontend in acme/shop'])
})

test('before its time and long after it nobody is asked', async () => {
  const { one, threads, world } = await start()
  for (const minutes of [-1, 31, 24 * 60 - 1]) {
    world.now = later(minutes)
    await one()
  }
  expect(world.asked).toHaveLength(0)
  expect(await threads()).toEqual([])
})

test('a service that is set up at ten past asks at its next time, and not before', async () => {
  const { one, world } = await start()
  world.setUpAt = later(10)
  world.now = later(11)
  await one()
  expect(world.asked).toHaveLength(0)
  world.now = later(24 * 60)
  await one()
  expect(world.asked).toHaveLength(2)
})

test('two replicas at the same time open one thread', async () => {
  const { one, two, threads } = await start()
  await Promise.all([one(), two()])
  expect(await threads()).toHaveLength(1)
})

test('one tick is one look, however often the clock is looked at', async () => {
  const { one, world } = await start()
  for (const minutes of [0, 1, 2]) {
    world.now = later(minutes)
    await one()
  }
  expect(world.asked).toHaveLength(2)
})

test('the same state of things is proposed once, not every day; a new one is, but not beside one that is open', async () => {
  const { one, threads, world, door } = await start()
  await one()
  const [first] = await threads()
  const cancel = () => door.handle(first?.id ?? '', { type: 'cancel', actor: { kind: 'person', id: 'lead' } })
  world.waiting['backend'] = waits('2'.repeat(40))
  world.now = later(24 * 60)
  await one()
  expect(await threads()).toHaveLength(1)
  await cancel()
  world.waiting['backend'] = waits('1'.repeat(40))
  world.now = later(2 * 24 * 60)
  await one()
  expect(await threads()).toHaveLength(1)
  world.waiting['backend'] = waits('2'.repeat(40))
  world.now = later(3 * 24 * 60)
  await one()
  expect(await threads()).toHaveLength(2)
})

test('what GitHub could not say is asked again at the next look', async () => {
  const { world, threads, replica } = await start()
  const check = replica()
  const { waiting } = world
  world.waiting = new Proxy(
    {},
    {
      get: () => {
        throw new Error('GitHub is down')
      },
    },
  )
  await expect(check()).rejects.toThrow('GitHub is down')
  world.waiting = waiting
  world.now = later(1)
  await check()
  expect(await threads()).toHaveLength(1)
})

test('a service with a repository of its own is looked at there', async () => {
  const { one, world } = await start({ frontend: 'acme/storefront' })
  await one()
  expect(world.asked).toEqual(['backend in acme/shop', 'frontend in acme/storefront'])
})
