import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { Client, type PoolConfig } from 'pg'

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
  const { rows } = await client.query<{ name: string }>(`select name from ${TABLE}`)
  const known = (await readdir(DIRECTORY)).map((file) => file.replace(/\.sql$/, ''))
  const newer = rows.map(({ name }) => name).filter((name) => !known.includes(name))
  if (newer.length > 0) {
    throw new NewerSchema(`the database has been migrated by a newer version (${newer.join(', ')}); start that one`)
  }
}
