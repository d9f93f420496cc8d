import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { Client, type Pool, type PoolConfig } from 'pg'
import type { SchemaState } from '../agent/ports.ts'

const DIRECTORY = fileURLToPath(new URL('../../migrations', import.meta.url))
const TABLE = 'migrations'
const quiet = () => {}

/** The database knows migrations that this code does not: an older version must not write to it. */
export class NewerSchema extends Error {
  readonly code = 'newer_schema'
}

/**
 * Brings the schema up to date. Processes that start together wait for each other at an advisory lock.
 * Throws NewerSchema where a newer version of the service has been here.
 */
export const migrate = async (connection: PoolConfig): Promise<void> => {
  const client = new Client({ connectionTimeoutMillis: 5_000, ...connection, application_name: 'deploybot' })
  client.on('error', quiet)
  await client.connect()
  try {
    await refuseNewer(client)
    await runner({
      dbClient: client,
      dir: DIRECTORY,
      migrationsTable: TABLE,
      direction: 'up',
      advisoryLockMode: 'wait',
      logger: { debug: quiet, info: quiet, warn: quiet, error: quiet },
    })
  } finally {
    await client.end()
  }
}

const refuseNewer = async (client: Client): Promise<void> => {
  const { rows: tables } = await client.query('select to_regclass($1) as found', [TABLE])
  if (tables[0]?.found === null) return
  const { newer } = await compare(client)
  if (newer.length > 0) {
    throw new NewerSchema(`the database has been migrated by a newer version (${newer.join(', ')}); start that one`)
  }
}

/** The schema of a database that is in use: another version of the service may have changed it since our start. */
export const schemaState = async (pool: Pool): Promise<SchemaState> => {
  const { newer, pending } = await compare(pool)
  if (newer.length > 0) return 'newer'
  return pending.length > 0 ? 'pending' : 'current'
}

const compare = async (database: Client | Pool) => {
  const { rows } = await database.query<{ name: string }>(`select name from ${TABLE}`)
  const done = rows.map(({ name }) => name)
  const known = (await readdir(DIRECTORY)).map((file) => file.replace(/\.sql$/, ''))
  return {
    newer: done.filter((name) => !known.includes(name)),
    pending: known.filter((name) => !done.includes(name)),
  }
}
