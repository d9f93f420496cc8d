import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Client, type Pool, type PoolConfig } from 'pg'
import type { SchemaState } from '../agent/ports.ts'
import { namesIn, sqlLoader } from './migrations.ts'
import { SQLSTATE } from './pool.ts'

const TABLE = 'migrations'
const quiet = () => {}

export interface MigrateOptions {
  directory?: string
  /** How long a migration waits for a lock, while everybody else waits behind it; and the pauses before it tries again. */
  lockMs?: number
  pausesMs?: number[]
}

const DIRECTORY = fileURLToPath(new URL('../../migrations', import.meta.url))
const LOCK_MS = 2_000
const PAUSES_MS = [1_000, 2_000, 4_000, 8_000]
const TURN_MS = 200

/** The database knows migrations that this code does not: an older version must not write to it. */
export class NewerSchema extends Error {
  readonly code = 'newer_schema'
}

/** Somebody holds a lock that a migration needs, and does not let go. */
export class SchemaBusy extends Error {
  readonly code = 'schema_busy'
}

/**
 * Brings the schema up to date. Processes that start together take turns at an advisory lock.
 * Throws NewerSchema where a newer version of the service has been here, SchemaBusy where a table stays locked.
 */
export const migrate = async (connection: PoolConfig, options: MigrateOptions = {}): Promise<void> => {
  const { directory = DIRECTORY, lockMs = LOCK_MS, pausesMs = PAUSES_MS } = options
  for (const pause of [...pausesMs, null]) {
    try {
      return await attempt(connection, directory, lockMs)
    } catch (error) {
      if ((error as { code?: string }).code !== SQLSTATE.lockNotAvailable) throw error
      if (pause === null) throw busy(pausesMs.length + 1, lockMs)
      await sleep(pause)
    }
  }
}

const busy = (tries: number, lockMs: number): SchemaBusy =>
  new SchemaBusy(
    `a migration waited ${tries} times ${lockMs} ms for a lock that another session holds, and was rolled back; ` +
      'end that session (pg_stat_activity shows the long transactions), then start again',
  )

/** A connection of its own: whatever goes wrong, it ends, and with it transaction and lock. */
const attempt = async (connection: PoolConfig, directory: string, lockMs: number): Promise<void> => {
  const client = new Client({ connectionTimeoutMillis: 5_000, ...connection, application_name: 'deploybot' })
  client.on('error', quiet)
  await client.connect()
  try {
    // Nearly every start finds nothing to do; the library is loaded (25 ms) where there is.
    if (await isCurrent(client, directory)) return
    const { PG_MIGRATE_LOCK_ID, runner } = await import('node-pg-migrate')
    // What is allowed to take long may; what holds others up sets its own lock_timeout.
    await client.query('set statement_timeout = 0; set lock_timeout = 0')
    await takeTurn(client, PG_MIGRATE_LOCK_ID)
    if (await isCurrent(client, directory)) return
    await runner({
      dbClient: client,
      dir: directory,
      migrationsTable: TABLE,
      migrationLoaderStrategies: sqlLoader(lockMs),
      direction: 'up',
      noLock: true,
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    })
  } finally {
    await client.end()
  }
}

/** Asks again and again: a session that waits inside a statement would be waited for by `create index concurrently`. */
const takeTurn = async (client: Client, lock: number): Promise<void> => {
  for (;;) {
    const { rows } = await client.query('select pg_try_advisory_lock($1) as taken', [lock])
    if (rows[0]?.taken) return
    await sleep(TURN_MS)
  }
}

/** Whether nothing is to be done. Throws NewerSchema. */
const isCurrent = async (client: Client, directory: string): Promise<boolean> => {
  const { rows: tables } = await client.query('select to_regclass($1) as found', [TABLE])
  if (tables[0]?.found === null) return false
  const { newer, pending } = await compare(client, directory)
  if (newer.length > 0) {
    throw new NewerSchema(`the database has been migrated by a newer version (${newer.join(', ')}); start that one`)
  }
  return pending.length === 0
}

/** The schema of a database that is in use: another version of the service may have changed it since our start. */
export const schemaState = async (pool: Pool): Promise<SchemaState> => {
  const { newer, pending } = await compare(pool, DIRECTORY)
  if (newer.length > 0) return 'newer'
  return pending.length > 0 ? 'pending' : 'current'
}

/** When this database was first migrated, and so when the service was set up. */
export const setUpAt = async (pool: Pool): Promise<string> => {
  const { rows } = await pool.query<{ at: string }>(`select min(run_on)::timestamptz as at from ${TABLE}`)
  return rows[0]?.at ?? ''
}

const compare = async (database: Client | Pool, directory: string) => {
  const { rows } = await database.query<{ name: string }>(`select name from ${TABLE}`)
  const done = rows.map(({ name }) => name)
  const known = await namesIn(directory)
  return {
    newer: done.filter((name) => !known.includes(name)),
    pending: known.filter((name) => !done.includes(name)),
  }
}
