import { describe, expect, onTestFinished, test } from 'vitest'
import { WriteDoor } from '../../src/agent/door.ts'
import { createGather, createReleases } from '../../src/agent/releases.ts'
import { rulesOf } from '../../src/agent/rules.ts'
import { createThreads } from '../../src/agent/threads.ts'
import { openStore } from '../../src/store/store.ts'
import type { MergedPull } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Policy } from '../../src/thread/policy.ts'
import { freshDatabase } from '../support/postgres.ts'

import { policy as team } from '../thread/spec.ts'

/** The team with a second repository, for search. */
const withSearch: Policy = {
  ...team,
  services: {
    ...team.services,
    search: { workflow: 'deploy-search.yml', ref: 'main', repository: 'acme/search' },
  },
  release: team.release && { ...team.release, services: ['backend', 'search'] },
}

const pull = (number: number, more: Partial<MergedPull> = {}): MergedPull => ({
  number,
  title: `Change ${number}`,
  author: 'ann',
  url: `http://github.test/pull/${number}`,
  sha: `${number}`.padStart(40, 'd'),
  branch: 'main',
  merged_by: 'SHOP-LEAD',
  merged_at: new Date(Date.now() + number).toISOString(),
  ...more,
})

/** The real store and door; nobody works on the threads. */
const start = async (merges: MergedPull[] = [], policy = team, elsewhere: MergedPull[] | Error = []) => {
  const { connection, drop } = await freshDatabase()
  const store = await openStore({ connection })
  onTestFinished(async () => {
    await store.close()
    await drop()
  })
  const { log, bell, listing } = store
  const door = new WriteDoor({ log, bell, rules: rulesOf(policy), hasRoom: () => false })
  const gather = createGather(door, listing, policy)
  const asked: string[] = []
  const mergesIn = (repository: string): MergedPull[] => {
    if (repository !== 'acme/search') return merges
    if (elsewhere instanceof Error) throw elsewhere
    return elsewhere
  }
  const pulls = {
    merged: async (repository: string, number: number) =>
      mergesIn(repository).find((one) => one.number === number) ?? null,
    mergedSince: async (repository: string, _: string, since: string) => {
      asked.push(`${repository} ${since}`)
      return mergesIn(repository).filter(({ merged_at }) => merged_at >= since)
    },
  }
  const read = async (id: string) => {
    const { events } = await log.load(id)
    return {
      events,
      state: fold(events),
      numbers: events.flatMap((e) => (e.type === 'pull_request_merged' ? [e.data.number] : [])),
    }
  }
  const releases = async () => (await listing.list({ agent: 'release', limit: 100 })).threads
  return {
    door,
    asked,
    log,
    gather,
    read,
    releases,
    threads: createThreads(door, log, gather),
    watch: createReleases(gather, pulls, store, policy),
  }
}

describe('merges', () => {
  test('the first begins a release, in the name of who merged; those that follow go into it', async () => {
    const { gather, read, releases } = await start()
    const id = await gather([pull(1)], 'a')
    expect(await gather([pull(2)], 'b')).toBe(id)
    const { numbers, events } = await read(id)
    expect(numbers).toEqual([1, 2])
    expect(events[0]?.actor).toEqual({ kind: 'person', id: 'lead', via: 'github merge' })
    expect(await releases()).toHaveLength(1)
  })
  test('fifty at once, each told twice: none is lost, none counts twice', async () => {
    const { gather, read, releases } = await start()
    const numbers = Array.from({ length: 50 }, (_, i) => i + 1)
    const told = [...numbers, ...numbers]
    await Promise.all(told.map((number) => gather([pull(number)], `merge ${number}`)))
    // Two at once would deploy beside each other: the database lets only one be.
    expect(await releases()).toHaveLength(1)
    const all = await Promise.all((await releases()).map(({ id }) => read(id)))
    const known = all.flatMap((one) => one.numbers)
    expect(known.toSorted((a, b) => a - b)).toEqual(numbers)
  })
  test('fifty at once after the end of one begin one other release', async () => {
    const { door, gather, releases } = await start()
    await door.handle(await gather([pull(1)], 'a'), { type: 'cancel', actor: { kind: 'person', id: 'lead' } })
    const numbers = Array.from({ length: 50 }, (_, i) => i + 2)
    const ids = await Promise.all(numbers.map((number) => gather([pull(number)], `merge ${number}`)))
    expect(new Set(ids).size).toBe(1)
    expect(await releases()).toHaveLength(2)
  })
  test('after the end of one another release begins', async () => {
    const { door, gather, read } = await start()
    const first = await gather([pull(1)], 'a')
    await door.handle(first, { type: 'cancel', actor: { kind: 'person', id: 'lead' } })
    const second = await gather([pull(2)], 'b')
    expect(second).not.toBe(first)
    expect((await read(second)).numbers).toEqual([2])
  })
  test('what a webhook tells of is looked up: not merged, or elsewhere, it sets nothing going', async () => {
    const { watch, releases } = await start([pull(3, { branch: 'next' })])
    expect(await watch.merged('acme/shop', 3)).toBeNull()
    expect(await watch.merged('acme/shop', 4)).toBeNull()
    expect(await releases()).toEqual([])
  })
  test('what no webhook tells of is found, and is the same as what one tells of later', async () => {
    const merges = [pull(5), pull(6)]
    const { watch, read, releases } = await start(merges)
    await watch.sweep()
    const [release] = await releases()
    expect((await read(release?.id ?? '')).numbers).toEqual([5, 6])
    expect(await watch.merged('acme/shop', 6)).toBe(release?.id)
    expect((await read(release?.id ?? '')).numbers).toEqual([5, 6])
  })
  test('what was merged before this service first looked is left alone', async () => {
    const { watch, releases } = await start([pull(7, { merged_at: '2026-01-01T00:00:00Z' })])
    await watch.sweep()
    expect(await releases()).toEqual([])
  })
})

describe('merges in two repositories', () => {
  test('are looked for in both, and are a release each', async () => {
    const { watch, read, releases } = await start([pull(5)], withSearch, [pull(5), pull(6)])
    await watch.sweep()
    const all = await Promise.all((await releases()).map(({ id }) => read(id)))
    const told = all.map(({ events, numbers }) => ({
      numbers,
      repository: events.find(({ type }) => type === 'pull_request_merged')?.data,
    }))
    expect(told).toContainEqual({
      numbers: [5],
      repository: expect.not.objectContaining({ repository: 'acme/search' }),
    })
    expect(told).toContainEqual({ numbers: [5, 6], repository: expect.objectContaining({ repository: 'acme/search' }) })
    expect(await watch.merged('acme/search', 6)).not.toBe(await watch.merged('acme/shop', 5))
    expect(await releases()).toHaveLength(2)
  })
  test('are looked for from the newest that is known of each', async () => {
    const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString()
    const known = { shop: ago(20), search: ago(40) }
    const { gather, watch, asked } = await start([], withSearch)
    await gather([pull(1, { merged_at: known.search, repository: 'acme/search' })], 'a')
    await gather([pull(2, { merged_at: known.shop })], 'b')
    await watch.sweep()
    expect(asked).toEqual([`acme/shop ${known.shop}`, `acme/search ${known.search}`])
  })
  test('where one of them cannot be asked the other is looked at all the same, and the failure is told', async () => {
    const both = {
      ...withSearch,
      release: withSearch.release && { ...withSearch.release, services: ['search', 'backend'] },
    }
    const { watch, releases } = await start([pull(5)], both, new Error('down'))
    await expect(watch.sweep()).rejects.toThrow('down')
    expect(await releases()).toHaveLength(1)
  })
  test('a repository from which nothing is released sets nothing going', async () => {
    const only = { ...withSearch, release: withSearch.release && { ...withSearch.release, services: ['search'] } }
    const { watch, asked } = await start([pull(5)], only)
    expect(await watch.merged('acme/shop', 5)).toBeNull()
    await watch.sweep()
    expect(asked.map((line) => line.split(' ')[0])).toEqual(['acme/search'])
  })
})

describe('a child', () => {
  const asked = { agent: 'deploy', message: 'deploy it', actor: { kind: 'code' } } as const
  test('is launched once, however often its parent tries', async () => {
    const { threads, gather, read } = await start()
    const parent = { thread_id: await gather([pull(1)], 'a'), seq: 4 }
    const ids = await Promise.all([1, 2, 3].map(() => threads.launchChild({ ...asked, parent })))
    expect(new Set(ids).size).toBe(1)
    expect((await read(ids[0] ?? '')).state).toMatchObject({ parent })
  })
  test('is stopped by whoever launched it, even where only the step is known; again changes nothing', async () => {
    const { threads, gather, read } = await start()
    const parent = { thread_id: await gather([pull(1)], 'a'), seq: 4 }
    const id = await threads.launchChild({ ...asked, parent })
    const stop = { parent, id: null, gently: true, reason: 'restart' }
    expect(await threads.stopChild(stop)).toMatchObject({ accepted: true })
    expect(await threads.stopChild({ ...stop, id })).toMatchObject({ accepted: true })
    expect((await read(id)).events.filter(({ type }) => type === 'cancelled')).toHaveLength(1)
    expect(await threads.stopChild({ ...stop, parent: { ...parent, seq: 99 } })).toMatchObject({ accepted: true })
  })
  test('that has ended by itself is not stopped', async () => {
    const { door, threads, gather } = await start()
    const parent = { thread_id: await gather([pull(1)], 'a'), seq: 4 }
    const id = await threads.launchChild({ ...asked, parent })
    await door.handle(id, { type: 'cancel', actor: { kind: 'person', id: 'lead' } })
    expect(await threads.stopChild({ parent, id, gently: true, reason: 'restart' })).toMatchObject({ accepted: false })
  })
  test('may tell a parent that is gone', async () => {
    const { threads } = await start()
    const end = { child_id: 'c', status: 'done', message: '', results: [] } as const
    await threads.tellParent({ thread_id: '01890a5d-ac96-774b-bcce-b302099a8057', seq: 1 }, { ...end, results: [] })
  })
})
