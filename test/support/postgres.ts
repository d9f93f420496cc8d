import { randomUUID } from 'node:crypto'
import { Client, type PoolConfig } from 'pg'
import { inject } from 'vitest'

/** One statement over a connection of its own. */
export const query = async (connection: PoolConfig, statement: string): Promise<Record<string, unknown>[]> => {
  const client = new Client(connection)
  await client.connect()
  try {
    return (await client.query(statement)).rows
  } finally {
    await client.end()
  }
}

const asAdmin = (statement: string) => query({ ...inject('postgres'), database: 'postgres' }, statement)

/** A migrated database of one's own. */
export const freshDatabase = async (): Promise<{ connection: PoolConfig; drop(): Promise<void> }> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(`create database ${name} template deploybot strategy file_copy`)
  return {
    connection: { ...inject('postgres'), database: name },
    drop: async () => void (await asAdmin(`drop database if exists ${name} with (force)`)),
  }
}
