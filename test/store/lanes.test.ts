import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Append, Busy } from '../../src/agent/ports.ts'
import { rebuild } from '../../src/store/rebuild.ts'
import type { Event } from '../../src/thread/event.ts'
import { indexRow, rowOf } from '../../src/thread/index-row.ts'
import { runIs, running, story } from '../thread/spec.ts'
import { appendOf, newId, oneStore, stores } from './support.ts'

const PLACE = { service: 'backend', environment: 'production' }
const LANE = 'run:backend/production'
// The story's start of its dispatch, and what is before it.
const STARTED = running.slice(0, 6)
const BEFORE = running.slice(0, 5)

/** A thread's log up to some point, as one append, and what comes after it, as another. */
const appends = (id: string, first: typeof running, then: typeof running): [Append, Append] => {
  const [a, b] = [story(first), story(then)]
  const own = (events: Event[]): Event[] => events.map((event) => ({ ...event, thread_id: id }))
  const count = a.events.length
  return [
    { thread_id: id, expected_version: 0, events: own(a.events), index: { ...indexRow(a.state), id }, hold: 'keep' },
    {
      thread_id: id,
      expected_version: count,
      events: own(b.events.slice(count)),
      index: { ...indexRow(b.state), id },
      hold: 'keep',
    },
  ]
}

type Opened = Awaited<ReturnType<typeof stores>>[number]

/** A thread that has been approved, and the append by which it starts. */
const approved = async ({ log }: Opened, id = newId()) => {
  const [before, start] = appends(id, BEFORE, STARTED)
  await log.append(before)
  return { id, start }
}

/** Lets go of its lane: the run has ended. */
const ends = async ({ log }: Opened, id: string) => {
  const [, end] = appends(id, STARTED, [...running, runIs('completed', 'success')])
  await log.append(end)
}

const outcome = (done: Promise<unknown>): Promise<string> =>
  done.then(
    () => 'started',
    (error: unknown) => (error instanceof Busy ? 'busy' : String(error)),
  )

describe('one deployment at a time', () => {
  test('is told to whoever asks who deploys where, as long as it is on', async () => {
    const [store] = (await stores(1)) as [Opened]
    const { id, start } = await approved(store)
    expect(await store.lanes.busy()).toEqual([])
    await store.log.append(start)
    const { events } = await store.log.load(id)
    const [title] = events.map(({ data }) => ('title' in data ? data.title : null))
    const since = events.find(({ type }) => type === 'tool_started')?.at
    expect(await store.lanes.busy()).toEqual([{ ...PLACE, thread_id: id, title }])
    expect(await store.lanes.running()).toEqual([{ ...PLACE, thread_id: id, title, since }])
    await ends(store, id)
    expect([await store.lanes.busy(), await store.lanes.running()]).toEqual([[], []])
  })

  test('of two processes and twenty threads at once one starts; the others are told, and nothing of theirs is written', async () => {
    const processes = await stores(2)
    const [one] = processes as [Opened, Opened]
    const threads = await Promise.all(Array.from({ length: 20 }, () => approved(one)))
    const tries = threads.map(({ start }, i) => outcome((processes[i % 2] as Opened).log.append(start)))
    const outcomes = await Promise.all(tries)
    expect(outcomes.filter((what) => what === 'started')).toHaveLength(1)
    expect(outcomes.filter((what) => what === 'busy')).toHaveLength(19)
    const { rows } = await one.pool.query(`select thread_id from events where type = 'tool_started'`)
    expect(rows).toEqual([{ thread_id: threads[outcomes.indexOf('started')]?.id }])
  })

  test('whoever shares an append with the loser is not to blame', async () => {
    const store = await oneStore()
    const [first, second] = [await approved(store), await approved(store)]
    await store.log.append(first.start)
    const others = Array.from({ length: 10 }, newId)
    const all = [second.start, ...others.map((id) => appendOf(id))].map((row) => outcome(store.log.append(row)))
    expect(await Promise.all(all)).toEqual(['busy', ...others.map(() => 'started')])
  })

  test('when it has ended the next one may start', async () => {
    const store = await oneStore()
    const [first, second] = [await approved(store), await approved(store)]
    await store.log.append(first.start)
    expect((await store.lanes.look(PLACE, second.id)).holder).toMatchObject({ thread_id: first.id })
    expect((await store.lanes.look(PLACE, first.id)).holder).toBeNull()
    expect((await store.lanes.look({ ...PLACE, service: 'frontend' }, second.id)).holder).toBeNull()
    await ends(store, first.id)
    expect((await store.lanes.look(PLACE, second.id)).holder).toBeNull()
    expect(await outcome(store.log.append(second.start))).toBe('started')
  })

  test('only what begins to hold something can be refused for it', async () => {
    const store = await oneStore()
    const [first, second] = [await approved(store), await approved(store)]
    await store.log.append(first.start)
    const [, words] = appends(second.id, BEFORE, BEFORE)
    const said = appendOf(second.id, words.expected_version, 1)
    // As of a thread that an older version let start: it goes on, and holds nothing.
    await store.log.append({ ...said, index: said.index && { ...said.index, holds: LANE } })
    expect((await store.lanes.look(PLACE, newId())).holder?.thread_id).toBe(first.id)
  })

  test('a row that an older version left behind keeps nobody out', async () => {
    const store = await oneStore()
    const [first, second] = [await approved(store), await approved(store)]
    await store.log.append(first.start)
    await ends(store, first.id)
    await store.pool.query('update threads set holds = $1 where id = $2', [LANE, first.id])
    expect(await outcome(store.log.append(second.start))).toBe('busy')
    expect((await store.lanes.look(PLACE, second.id)).holder).toBeNull()
    expect(await outcome(store.log.append(second.start))).toBe('started')
  })

  test('rebuilding the index brings back who holds what, whatever stood there', async () => {
    const store = await oneStore()
    const [first, second] = [await approved(store), await approved(store)]
    await store.log.append(first.start)
    await store.pool.query('update threads set holds = null')
    await store.pool.query('update threads set holds = $1 where id = $2', [LANE, second.id])
    await rebuild(store.pool, rowOf)
    expect((await store.lanes.look(PLACE, newId())).holder?.thread_id).toBe(first.id)
    expect(await outcome(store.log.append(second.start))).toBe('busy')
  })

  test('rebuilding the index begins a thread again that waited for others in a circle', async () => {
    const store = await oneStore()
    const [a, b] = [newId(), newId()].sort()
    const [first, second] = [await approved(store, a), await approved(store, b)]
    await store.log.append(first.start)
    await store.pool.query('update threads set holds = null')
    await store.pool.query('update threads set holds = $1 where id = $2', [LANE, second.id])
    const other = await store.pool.connect()
    onTestFinished(() => other.release())
    await other.query('begin')
    await other.query('select from threads where id = $1 for update', [second.id])
    const rebuilding = rebuild(store.pool, rowOf)
    await sleep(100)
    await other.query('select from threads where id = $1 for update', [first.id])
    await other.query('commit')
    expect(await rebuilding).toEqual({ folded: 2, unreadable: [] })
    expect((await store.lanes.look(PLACE, newId())).holder?.thread_id).toBe(first.id)
  })
})

describe('awaiting a turn', () => {
  const waiting = (id: string): Append => {
    const row = appendOf(id, 0, 1, { hold: 'keep' })
    return { ...row, index: row.index && { ...row.index, waits: LANE } }
  }
  const due = async ({ pool }: Opened) =>
    (await pool.query('select id from threads where wake_at <= now() order by id')).rows.map(({ id }) => id)

  test('the oldest is woken, one for each time that somebody leaves', async () => {
    const store = await oneStore()
    const ids = Array.from({ length: 3 }, newId).sort()
    for (const id of ids) await store.log.append(waiting(id))
    expect(await store.lanes.wake('run:frontend/production')).toBeNull()
    expect(await store.lanes.wake(LANE)).toBe(ids[0])
    expect(await due(store)).toEqual([ids[0]])
  })

  test('whoever is worked on, or set aside, is passed over', async () => {
    const store = await oneStore()
    const [first = '', second = '', third = ''] = Array.from({ length: 3 }, newId).sort()
    for (const id of [first, second, third]) await store.log.append(waiting(id))
    await store.pool.query('update threads set owner = 1 where id = $1', [first])
    await store.pool.query('update threads set quarantined_at = now() where id = $1', [second])
    expect(await store.lanes.wake(LANE)).toBe(third)
  })
})

describe('what is found by an index, however many threads there are', () => {
  test.each([
    `select from threads where holds = 'x'`,
    `select id from threads where locks is not null`,
    `select w.id from threads w where w.waits = 'x' and w.owner is null and w.quarantined_at is null order by w.id limit 1`,
  ])('%s', async (text) => {
    const { pool } = await oneStore()
    const { rows } = await pool.query(`explain ${text}`)
    expect(JSON.stringify(rows)).toMatch(/threads_(holds|locks|waits)/)
  })
})
