import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { EmbeddedPostgresError } from './error.ts'
import type { User } from './user.ts'

const run = promisify(execFile)
const ABANDONED_MS = 10 * 60_000

// Nothing of ours leaks into Postgres: PGDATA, PGHOST and their like would change what it does.
export const ENVIRONMENT = { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' }

/**
 * A cluster at `cluster`, made if there is none. It is made aside and moved into place, so that a kill in between
 * leaves nothing half made, and two processes that start at once cannot hurt each other: one of them moves first.
 */
export const ensureCluster = async (cluster: string, native: string, user: User): Promise<void> => {
  await mkdir(dirname(cluster), { recursive: true }).catch(unwritable(dirname(cluster)))
  await sweep(cluster)
  if (await stat(join(cluster, 'PG_VERSION')).catch(() => null)) return
  const aside = await mkdtemp(`${cluster}.init-`).catch(unwritable(dirname(cluster)))
  if (process.getuid?.() === 0) await own(aside, user)
  await initdb(aside, native, user)
  await rename(aside, cluster).catch(async () => {
    await rm(aside, { recursive: true, force: true })
    if (!(await stat(join(cluster, 'PG_VERSION')).catch(() => null))) {
      throw new EmbeddedPostgresError('data_directory', `${cluster} is in the way and holds no cluster`)
    }
  })
}

const unwritable =
  (directory: string) =>
  (error: NodeJS.ErrnoException): never => {
    throw new EmbeddedPostgresError(
      'data_directory',
      `${directory} cannot be written (${error.code}); set DEPLOYBOT_DATA`,
    )
  }

/** The user must own the cluster and be able to walk to it. */
const own = async (aside: string, { uid, gid }: User): Promise<void> => {
  await chown(aside, uid, gid)
  for (let at = dirname(aside); dirname(at) !== at; at = dirname(at)) {
    const { mode, uid: owner } = await stat(at)
    if ((mode & 0o001) === 0 && owner !== uid) await chmod(at, mode | 0o001)
  }
}

const initdb = async (directory: string, native: string, { uid, gid }: User): Promise<void> => {
  const options = [
    '-A',
    'trust',
    '-U',
    'postgres',
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
  ]
  const locale = ['--locale=C', '--no-instructions', '-D', directory]
  const as = process.getuid?.() === 0 ? { uid, gid } : {}
  try {
    await run(join(native, 'bin/initdb'), [...options, ...locale], { env: ENVIRONMENT, cwd: directory, ...as })
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    const { stderr = '' } = error as { stderr?: string }
    throw new EmbeddedPostgresError(
      'start_failed',
      `initdb failed: ${stderr.trim().split('\n').at(-1) || String(error)}`,
    )
  }
}

/** Removes what a killed initdb left behind, once it is old enough to be nobody's. */
const sweep = async (cluster: string): Promise<void> => {
  const directory = dirname(cluster)
  for (const name of await readdir(directory)) {
    if (!name.startsWith(`${basename(cluster)}.init-`)) continue
    const { mtimeMs } = await stat(join(directory, name)).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > ABANDONED_MS) await rm(join(directory, name), { recursive: true, force: true })
  }
}
