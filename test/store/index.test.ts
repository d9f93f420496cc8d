import { setTimeout as sleep } from 'node:timers/promises'
import { v7 as uuidv7 } from 'uuid'
import { describe, expect, test } from 'vitest'
import { BadCursor } from '../../src/agent/ports.ts'
import { rebuild } from '../../src/store/rebuild.ts'
import { type IndexRow, indexRow, rowOf } from '../../src/thread/index-row.ts'
import { eventually } from '../support/eventually.ts'
import { approves, asked, looked, prepared, proposed, running, story } from '../thread/spec.ts'
import { appendOf, newId, oneStore, stores } from './support.ts'

describe('the listing', () => {
  test('pages through all threads, newest first, each once', async () => {
    const { log, listing } = await oneStore()
    const ids = Array.from({ length: 7 }, newId)
    for (const id of ids) await log.append(appendOf(id))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page = await listing.list({ limit: 3, ...(cursor === null ? {} : { cursor }) })
      seen.push(...page.threads.map(({ id }) => id))
      cursor = page.cursor
    } while (cursor !== null)
    expect(seen).toEqual([...ids].sort().reverse())
  })

  test('filters by status and agent', async () => {
    const { log, listing } = await oneStore()
    await log.append(appendOf(newId()))
    expect((await listing.list({ limit: 9, status: 'running', agent: 'deploy' })).threads).toHaveLength(1)
    expect((await listing.list({ limit: 9, status: 'done' })).threads).toEqual([])
  })

  test.each(['', 'x', Buffer.from("2026-01-01T00:00:00.000Z ' or 1=1").toString('base64url')])(
    'refuses the cursor %j',
    async (cursor) => {
      const { listing } = await oneStore()
      await expect(listing.list({ limit: 1, cursor })).rejects.toBeInstanceOf(BadCursor)
    },
  )

  test('finds the thread of a run', async () => {
    const { log, listing } = await oneStore()
    const id = newId()
    const row = appendOf(id)
    await log.append({ ...row, index: row.index && { ...row.index, run_id: 30_433_642 } })
    expect(await listing.threadOfRun(30_433_642)).toBe(id)
    expect(await listing.threadOfRun(1)).toBeNull()
  })
})

describe('rebuilding the index', () => {
  test('gives the same rows as before', async () => {
    const { log, pool } = await oneStore()
    for (const steps of [
      [asked()],
      [asked(), looked, proposed, prepared()],
      [...running],
      [asked(), looked, proposed, prepared(), approves()],
    ]) {
      const id = newId()
      const { events, state } = story(steps)
      const own = events.map((event) => ({ ...event, thread_id: id }))
      await log.append({
        thread_id: id,
        expected_version: 0,
        events: own,
        index: { ...indexRow(state), id },
        hold: 'wake',
      })
    }
    const rows = async () =>
      (await pool.query('select id, agent, title, status, run_id, created_at from threads order by id')).rows
    const before = await rows()
    await pool.query(`update threads set status = 'wrong', run_id = 99`)
    expect(await rebuild(pool, rowOf)).toEqual({ folded: 4, unreadable: [] })
    expect(await rows()).toEqual(before)
  })

  test('makes threads that have something to do due, and wakes the others at their time', async () => {
    const { log, pool } = await oneStore()
    const id = newId()
    const { events, state } = story([asked(), looked, proposed, prepared()])
    const own = events.map((event) => ({ ...event, thread_id: id }))
    await log.append({
      thread_id: id,
      expected_version: 0,
      events: own,
      index: { ...indexRow(state), id },
      hold: 'keep',
    })
    await rebuild(pool, rowOf)
    const { rows } = await pool.query('select wake_at from threads')
    expect(rows[0].wake_at).toBe(state.status === 'awaiting_approval' ? state.request.expires_at : '')
  })
})

describe('the bell', () => {
  test('rings here at once, and in other processes soon, once', async () => {
    const [one, two] = await stores(2)
    const heard: string[] = []
    one?.bell.listen(({ thread_id }) => heard.push(`one ${thread_id}`))
    const stop = two?.bell.listen(({ thread_id, news }) => heard.push(`two ${thread_id} ${news}`))
    one?.bell.ring({ thread_id: 'a', news: 'due' })
    one?.bell.ring({ thread_id: 'a', news: 'changed' })
    await eventually(() => heard.includes('two a due'))
    expect(heard.filter((line) => line === 'two a due')).toHaveLength(1)
    expect(heard).toContain('one a')
    stop?.()
    one?.bell.ring({ thread_id: 'b', news: 'changed' })
    await sleep(200)
    expect(heard).not.toContain('two b changed')
  })

  test('is heard again after its connection was lost', async () => {
    const [one, two] = await stores(2)
    const heard: string[] = []
    two?.bell.listen(({ thread_id }) => heard.push(thread_id))
    // The server is shared: pg_locks shows the sessions of every test file's database.
    await one?.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory'
      and database = (select oid from pg_database where datname = current_database())`,
    )
    await sleep(1_200)
    one?.bell.ring({ thread_id: 'c', news: 'changed' })
    await eventually(() => heard.includes('c'))
  })
})

describe('tokens', () => {
  test('are found by their secret, until they are revoked', async () => {
    const { tokens, pool } = await oneStore()
    const { id, secret } = await tokens.create({ name: 'ci', scopes: ['ask'], person: null, expires_in_days: 1 })
    expect(await tokens.find(secret)).toEqual({ id, name: 'ci', scopes: ['ask'], person: null })
    expect(await tokens.find(`${secret}x`)).toBeNull()
    expect(JSON.stringify((await pool.query('select * from tokens')).rows)).not.toContain(secret)
    expect(await tokens.revoke(id)).toBe(true)
    expect(await tokens.find(secret)).toBeNull()
    expect(await tokens.list()).toMatchObject([{ id, revoked_at: expect.any(String) }])
  })

  test('expire', async () => {
    const { tokens, pool } = await oneStore()
    const { secret } = await tokens.create({ name: 'ci', scopes: ['ask'], person: null, expires_in_days: 1 })
    await pool.query(`update tokens set expires_at = now() - interval '1 second'`)
    expect(await tokens.find(secret)).toBeNull()
  })
})

test('a thread is found by where its replies come in: the newest of several', async () => {
  const { log, listing } = await oneStore()
  const [older, newer] = [uuidv7(), uuidv7()]
  const index = (id: string, addresses: string | null) => ({ ...appendOf(id).index, addresses }) as IndexRow
  await log.append(appendOf(older, 0, 1, { index: index(older, 'slack:T1/C1/1.1\nsms:+15550100') }))
  await log.append(appendOf(newer))
  expect(await listing.threadAt('sms:+15550100')).toBe(older)
  await log.append(appendOf(newer, 1, 1, { index: index(newer, 'sms:+15550100') }))
  expect(await listing.threadAt('sms:+15550100')).toBe(newer)
  expect(await listing.threadAt('slack:T1/C1/1.1')).toBe(older)
  expect(await listing.threadAt('slack:T1/C1')).toBeNull()
})

describe('threads are looked for', () => {
  const filled = async (count: number) => {
    const store = await oneStore()
    const about = (i: number) => ({
      service: i % 2 === 0 ? 'backend' : 'frontend',
      environment: i % 3 === 0 ? 'production' : 'staging',
      person: i % 5 === 0 ? 'lead' : 'oncall',
      title: `deploy 100% of ${i}_x`,
    })
    for (let i = 0; i < count; i++) {
      const id = uuidv7()
      await store.log.append(appendOf(id, 0, 1, { index: { ...appendOf(id).index, ...about(i) } as IndexRow }))
    }
    return store
  }

  test('by service, environment, person and words of the title, all of which count', async () => {
    const { listing } = await filled(30)
    const found = async (filter: object) =>
      (await listing.list({ limit: 50, ...filter })).threads.map(({ title }) => Number(/(\d+)_/.exec(title)?.[1]))
    expect(await found({ service: 'backend' })).toHaveLength(15)
    expect(await found({ service: 'backend', environment: 'production' })).toEqual([24, 18, 12, 6, 0])
    expect(await found({ service: 'backend', environment: 'production', person: 'lead' })).toEqual([0])
    expect(await found({ text: 'OF 29_' })).toEqual([29])
    expect(await found({ text: '100%' })).toHaveLength(30)
    expect(await found({ text: '10_%' })).toEqual([])
    expect(await found({ text: "'; drop table threads" })).toEqual([])
  })

  test('so many at a time, and on behind them', async () => {
    const { listing } = await filled(7)
    const titles: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof listing.list>> = await listing.list({
        limit: 2,
        service: 'backend',
        ...(cursor === null ? {} : { cursor }),
      })
      titles.push(...page.threads.map(({ title }) => title))
      cursor = page.cursor
    } while (cursor !== null)
    expect(titles).toHaveLength(4)
  })
})

test('what waits, what is busy and how many there are is told for pages', async () => {
  const { log, overview } = await oneStore()
  const put = async (status: string): Promise<string> => {
    const id = uuidv7()
    await log.append(appendOf(id, 0, 2, { index: { ...appendOf(id).index, status } as IndexRow }))
    return id
  }
  const [first, second] = [await put('awaiting_approval'), await put('awaiting_approval')]
  const [older, newer] = [await put('awaiting_human'), await put('awaiting_human')]
  const run = await put('awaiting_run')
  await put('done')
  expect((await overview.waiting(9)).map(({ id }) => id)).toEqual([first, second, newer, older])
  expect(await overview.waiting(1)).toEqual([
    { id: first, version: 2 },
    { id: newer, version: 2 },
  ])
  expect((await overview.busy(9)).map(({ id }) => id)).toEqual([run])
  expect(await overview.counts(1)).toMatchObject({ awaiting_approval: 1, done: 1, failed: 0 })
  expect(await overview.versions([run, uuidv7()])).toEqual(new Map([[run, 2]]))
})
