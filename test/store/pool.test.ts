import { expect, onTestFinished, test } from 'vitest'
import { createPool } from '../../src/store/pool.ts'
import { freshDatabase, query } from '../support/postgres.ts'

test('a connection that ends between two statements of its holder fails the second, and nothing else', async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const pool = createPool(connection)
  onTestFinished(() => pool.end())
  const client = await pool.connect()
  const { rows } = await client.query('select pg_backend_pid() as pid')
  const ended = new Promise((resolve) => client.once('end', resolve))
  await query(connection, `select pg_terminate_backend(${rows[0].pid})`)
  await ended
  await expect(client.query('select 1')).rejects.toThrow(/not queryable|terminated|closed/)
  client.release()
  expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})
