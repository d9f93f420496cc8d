import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import { describe, expect, onTestFinished, test } from 'vitest'
import { migrate, SchemaBusy } from '../../src/store/migrate.ts'
import { freshDatabase } from '../support/postgres.ts'
import { appendOf, newId, oneStore, taken } from './support.ts'

const MIGRATIONS = join(import.meta.dirname, '../../migrations')
const NO_TRANSACTION = '-- squawk-disable-assume-in-transaction'
const LOCK_MS = 200

/** A migrated database, and a directory that holds one migration more. */
const withNext = async (sql: string) => {
  const { connection, drop } = await freshDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-migrations-'))
  await cp(MIGRATIONS, directory, { recursive: true })
  await writeFile(join(directory, '9999_next.sql'), sql)
  onTestFinished(async () => {
    await drop()
    await rm(directory, { recursive: true })
  })
  const connect = async () => {
    const client = new Client(connection)
    client.on('error', () => {})
    await client.connect()
    onTestFinished(() => client.end().catch(() => {}))
    return client
  }
  const client = await connect()
  const ask = async (text: string) => (await client.query(text)).rows
  const next = (pausesMs: number[] = []) => migrate(connection, { directory, lockMs: LOCK_MS, pausesMs })
  return { connect, ask, next }
}

/** A transaction that has read `threads` and stays open. */
const reading = async (client: Client): Promise<void> => {
  await client.query('begin isolation level repeatable read')
  await client.query('select from threads')
}

const columns = `select 1 from information_schema.columns where table_name = 'threads' and column_name = 'team'`

describe('a migration that needs a lock which a reader holds', () => {
  const sql = 'alter table threads add column team text;'

  test('steps aside again and again, so that nobody waits long behind it, and is done when the reader is', async () => {
    const { connect, ask, next } = await withNext(sql)
    const reader = await connect()
    await reading(reader)
    let done = false
    const migrating = next(Array.from({ length: 50 }, () => 50)).finally(() => {
      done = true
    })
    const waits: number[] = []
    while (!done) {
      const began = performance.now()
      await ask('select from threads')
      waits.push(performance.now() - began)
      if (waits.filter((ms) => ms > 20).length === 3) await reader.query('commit')
      await sleep(5)
    }
    await migrating
    expect(await ask(columns)).toHaveLength(1)
    expect(Math.max(...waits)).toBeGreaterThan(20)
    expect(Math.max(...waits)).toBeLessThan(LOCK_MS + 1_000)
  })

  test('gives up after a bounded number of tries, says what to do, and has changed nothing', async () => {
    const { connect, ask, next } = await withNext(sql)
    await reading(await connect())
    const busy = await next([10, 10]).catch((error: unknown) => error)
    expect(busy).toBeInstanceOf(SchemaBusy)
    expect(busy).toMatchObject({ code: 'schema_busy', message: expect.stringMatching(/3 times 200 ms.*start again$/) })
    expect(await ask(columns)).toEqual([])
    expect(await ask(`select from migrations where name = '9999_next'`)).toEqual([])
  })
})

test('a migration may take longer than any statement of the service', async () => {
  const { ask, next } = await withNext('select pg_sleep(0.3);')
  await ask(
    `do $$ begin execute format('alter database %I set statement_timeout = ''100ms''', current_database()); end $$`,
  )
  await next()
  expect(await ask(`select from migrations where name = '9999_next'`)).toHaveLength(1)
})

test('what is wrong in a migration is said, not tried again', async () => {
  const { next } = await withNext('alter table nowhere add column team text;')
  await expect(next([60_000])).rejects.toThrow('relation "nowhere" does not exist')
})

describe('an index that is made concurrently', () => {
  const valid = `select indisvalid from pg_index where indexrelid = to_regclass('threads_next')`
  const index = (what: string) =>
    `${NO_TRANSACTION}\ndrop index concurrently if exists threads_next;\ncreate ${what};\n`

  test('is made once by processes that start together, and waits for whoever reads', async () => {
    const { connect, ask, next } = await withNext(
      index('index concurrently if not exists threads_next on threads (agent)'),
    )
    const reader = await connect()
    await reading(reader)
    const all = Promise.all([next(), next(), next()])
    await sleep(LOCK_MS * 3)
    expect(await ask(valid)).toEqual([{ indisvalid: false }])
    await reader.query('commit')
    await all
    expect(await ask(valid)).toEqual([{ indisvalid: true }])
    expect(await ask(`select from migrations where name = '9999_next'`)).toHaveLength(1)
  })

  test('is made again where an earlier try left half of it', async () => {
    const { ask, next } = await withNext(
      index('unique index concurrently if not exists threads_next on threads (agent)'),
    )
    await ask(`insert into threads (id, agent, title, status, created_at)
      select gen_random_uuid(), 'deploy', 't', 'running', now() from generate_series(1, 2)`)
    await expect(next()).rejects.toThrow('could not create unique index')
    expect(await ask(valid)).toEqual([{ indisvalid: false }])
    await ask('delete from threads')
    await next()
    expect(await ask(valid)).toEqual([{ indisvalid: true }])
  })
})

test('code of yesterday works on a schema that is expanded under it', async () => {
  const { log, listing, queue, pool } = await oneStore()
  const work = async () => {
    const id = newId()
    await log.append(appendOf(id))
    await log.append(appendOf(id, 1, 1, { delivery: taken(id) }))
    expect((await log.load(id)).events).toHaveLength(2)
    expect((await listing.list({ limit: 9 })).threads).toContainEqual(expect.objectContaining({ id, version: 2 }))
    expect(await queue.claim(1)).toEqual([id])
    const nothing = { index: null, until: '2999-01-01T00:00:00.000Z' }
    expect(await log.append(appendOf(id, 2, 0, { ...nothing, hold: 'release' }))).toMatchObject({ mine: false })
    expect(await log.append(appendOf(id, 0, 0, { ...nothing, delivery: taken(`${id} again`) }))).toMatchObject({
      known: true,
    })
    expect(await queue.claim(10)).toEqual([id])
  }
  await work()
  for (const table of ['events', 'threads', 'deliveries', 'tokens']) {
    await pool.query(`alter table ${table} add column later int not null default 0`)
  }
  await work()
})
