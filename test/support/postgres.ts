import { randomUUID } from 'node:crypto'
import { Client, type PoolConfig } from 'pg'
import { inject } from 'vitest'

const asAdmin = async (statement: string): Promise<void> => {
  const client = new Client({ ...inject('postgres'), database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** A migrated database of one's own. */
export const freshDatabase = async (): Promise<{ connection: PoolConfig; drop(): Promise<void> }> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asAdmin(`create database ${name} template deploybot`)
  return {
    connection: { ...inject('postgres'), database: name },
    drop: () => asAdmin(`drop database if exists ${name} with (force)`),
  }
}
