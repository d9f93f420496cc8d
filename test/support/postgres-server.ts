import { mkdtemp, rm, statfs } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type PoolConfig } from 'pg'
import type { TestProject } from 'vitest/node'
import { startEmbedded } from '../../src/store/embedded.ts'
import { migrate } from '../../src/store/migrate.ts'

declare module 'vitest' {
  interface ProvidedContext {
    postgres: PoolConfig
    /** Where services that tests start keep their files: on a disk, each change in a sandbox keeps its test waiting half a millisecond. */
    scratch: string
  }
}

/** One server for the run, which ends with it however it ends, one migrated database to copy, and a place for files. */
export default async ({ provide }: TestProject) => {
  const scratch = await mkdtemp(join(await quickest(), 'deploybot-tests-'))
  const dataDir = join(scratch, 'postgres')
  const { connection, stop } = await startEmbedded({ dataDir, dieWithParent: true })
  await migrate(connection)
  const admin = new Client({ ...connection, database: 'postgres' })
  await admin.connect()
  await admin.query('alter database deploybot with is_template true')
  // Nothing here outlives the machine: hundreds of databases are made, each in a fifth of a second with fsync. Crashes are tried on servers of their own.
  for (const off of ['fsync', 'full_page_writes', 'autovacuum']) await admin.query(`alter system set ${off} = off`)
  await admin.query('select pg_reload_conf()')
  await admin.end()
  provide('postgres', connection)
  provide('scratch', scratch)
  return async () => {
    await stop()
    await rm(scratch, { recursive: true, force: true })
  }
}

const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 3e9

/** In memory where there is room: on a disk, making and dropping four hundred databases of three hundred files each is half of what Postgres costs. */
const quickest = async (): Promise<string> => {
  const { bavail, bsize } = await statfs(MEMORY).catch(() => ({ bavail: 0, bsize: 0 }))
  return bavail * bsize > ENOUGH_BYTES ? MEMORY : tmpdir()
}
