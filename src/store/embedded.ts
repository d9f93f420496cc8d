import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type PoolConfig } from 'pg'
import { locateBinaries } from './embedded/binaries.ts'
import { ensureCluster } from './embedded/cluster.ts'
import { answers, launch } from './embedded/server.ts'
import { socketDirectory } from './embedded/socket.ts'
import { chooseUser } from './embedded/user.ts'

// There is no pg_upgrade in the package: another major version is another cluster.
const MAJOR = 18
const DATABASE = 'deploybot'
const STOP_MS = 5_000

export interface EmbeddedOptions {
  dataDir: string
  /** For tests: the server ends when this process does, however it ends. */
  dieWithParent?: boolean
}

/**
 * The real Postgres 18 out of npm packages, on a unix socket inside its own data directory.
 * One that already runs there (another process's, or left by a kill) is joined. Throws EmbeddedPostgresError.
 */
export const startEmbedded = async ({ dataDir, dieWithParent = false }: EmbeddedOptions) => {
  const cluster = join(dataDir, `pg${MAJOR}`)
  const connection: PoolConfig = {
    host: await socketDirectory(cluster),
    user: 'postgres',
    database: DATABASE,
    ssl: false,
  }
  if (!(await answers(connection))) {
    const user = await chooseUser(cluster)
    const native = await locateBinaries(user)
    await ensureCluster(cluster, native, user)
    await launch({ cluster, native, user, connection, dieWithParent })
  }
  await ensureDatabase(connection)
  return {
    connection,
    description: `embedded Postgres ${MAJOR}, ${relative(process.cwd(), cluster) || cluster}`,
    stop: () => stop(cluster, connection),
  }
}

const asAdmin = async <T>(connection: PoolConfig, act: (client: Client) => Promise<T>): Promise<T> => {
  const client = new Client({ ...connection, database: 'postgres' })
  client.on('error', () => {})
  await client.connect()
  try {
    return await act(client)
  } finally {
    await client.end()
  }
}

const ALREADY_THERE = ['42P04', '23505']

const ensureDatabase = (connection: PoolConfig): Promise<void> =>
  asAdmin(connection, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE])
    if (rowCount) return
    await client.query(`create database ${DATABASE}`).catch((error: { code?: string }) => {
      if (!ALREADY_THERE.includes(error.code ?? '')) throw error
    })
  })

/** Stops the server unless another process is connected to it. */
const stop = async (cluster: string, connection: PoolConfig): Promise<void> => {
  const others = await asAdmin(connection, async (client) => {
    const { rowCount } = await client.query(
      `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    return rowCount ?? 0
  })
  if (others > 0) return
  const pidFile = join(cluster, 'postmaster.pid')
  const [pid] = (await readFile(pidFile, 'utf8')).split('\n')
  process.kill(Number(pid), 'SIGINT')
  const deadline = Date.now() + STOP_MS
  while (Date.now() < deadline && existsSync(pidFile)) await sleep(10)
}
