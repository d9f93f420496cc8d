import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, Pool, type PoolConfig } from 'pg'
import { startEmbedded } from '../../../src/store/embedded.ts'
import { migrate } from '../../../src/store/migrate.ts'

const STOP_MS = 20_000

/** A real Postgres of one's own, with one migrated database to copy. It dies with this process. */
export const startDatabase = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'deploybot-faults-'))
  const start = () => startEmbedded({ dataDir, dieWithParent: true })
  const { connection } = await start()
  await migrate(connection)
  await asAdmin(connection, 'alter database deploybot with is_template true')

  const stop = async (how: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
    const pidFile = join(String(connection.host), 'postmaster.pid')
    const [pid] = (await readFile(pidFile, 'utf8')).split('\n')
    process.kill(Number(pid), how)
    const deadline = Date.now() + STOP_MS
    while (isAlive(Number(pid)) && Date.now() < deadline) await sleep(5)
  }
  return {
    connection,
    socketPath: join(String(connection.host), '.s.PGSQL.5432'),
    create: async (): Promise<PoolConfig> => {
      const database = `faults_${randomUUID().replaceAll('-', '')}`
      await asAdmin(connection, `create database ${database} template deploybot`)
      return { ...connection, database }
    },
    /** SIGINT stops it in order; SIGQUIT is a crash, after which it recovers from its write-ahead log. */
    restart: async (how: 'SIGINT' | 'SIGQUIT'): Promise<void> => {
      await stop(how)
      await start()
    },
    close: async (): Promise<void> => {
      await stop('SIGINT')
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

export type Database = Awaited<ReturnType<typeof startDatabase>>

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

const asAdmin = async (connection: PoolConfig, statement: string): Promise<void> => {
  const client = new Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Our own view of a database, past every proxy. It survives restarts of the server. */
export const openView = (connection: PoolConfig): Pool => {
  const pool = new Pool({ ...connection, max: 2, application_name: 'campaign' })
  pool.on('error', () => {})
  return pool
}
