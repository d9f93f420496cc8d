import { spawn } from 'node:child_process'
import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type PoolConfig } from 'pg'
import { ENVIRONMENT } from './cluster.ts'
import { EmbeddedPostgresError } from './error.ts'
import type { User } from './user.ts'

const PATIENCE_MS = 20_000
const ATTEMPTS = 15
const PAUSE_MS = 200
const LOG = 'server.log'
const LOG_BYTES = 5 * 1024 * 1024
const SETTINGS = ['listen_addresses=', 'timezone=UTC', 'jit=off', 'max_connections=200', 'logging_collector=off']

/** Whether a server answers there. */
export const answers = async (connection: PoolConfig): Promise<boolean> => {
  const client = new Client({ ...connection, database: 'postgres', connectionTimeoutMillis: 1_000 })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

interface Start {
  cluster: string
  native: string
  user: User
  connection: PoolConfig
  dieWithParent: boolean
}

/**
 * Starts `postgres` itself, in a session of its own, so that it outlives a kill of ours and is adopted by the next start.
 * `dieWithParent` ties its life to ours instead. Tried a few times: the one before may still be shutting down,
 * or another process may start one at this very moment, and then theirs answers.
 */
export const launch = async (start: Start): Promise<void> => {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    if (await answersUnlessEnded(start.connection, run(start))) return
    await sleep(PAUSE_MS)
  }
  const log = join(start.cluster, LOG)
  throw new EmbeddedPostgresError('start_failed', `it does not answer; ${log} says why`)
}

/** Runs it once. The returned function says whether it has ended. */
const run = ({ cluster, native, user, connection, dieWithParent }: Start): (() => boolean) => {
  const postgres = join(native, 'bin/postgres')
  const args = ['-D', cluster, '-k', String(connection.host), ...SETTINGS.flatMap((setting) => ['-c', setting])]
  const [command, argv] = dieWithParent ? ['/bin/sh', ['-c', TIED, 'tied', postgres, ...args]] : [postgres, args]
  const log = openLog(join(cluster, LOG))
  const child = spawn(command, argv, {
    detached: true,
    stdio: [dieWithParent ? 'pipe' : 'ignore', log, log],
    env: ENVIRONMENT,
    cwd: cluster,
    ...(process.getuid?.() === 0 ? { uid: user.uid, gid: user.gid } : {}),
  })
  closeSync(log)
  child.unref()
  let ended = false
  const end = (): void => {
    ended = true
  }
  child.on('error', end).on('exit', end)
  return () => ended
}

/** A shell that starts Postgres and then reads from us until we are gone, however we went. */
const TIED = '"$@" </dev/null & pid=$!; cat >/dev/null; kill -INT $pid; wait $pid'

const answersUnlessEnded = async (connection: PoolConfig, ended: () => boolean): Promise<boolean> => {
  const deadline = Date.now() + PATIENCE_MS
  while (Date.now() < deadline) {
    if (await answers(connection)) return true
    if (ended()) return false
    await sleep(20)
  }
  return false
}

/** The log is started anew when it has grown: it is for the moment when a start fails. */
const openLog = (file: string): number => {
  const grown = (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_BYTES
  if (grown) rmSync(file)
  const log = openSync(file, 'a', 0o600)
  if (grown) writeSync(log, 'the log had grown and was started anew\n')
  return log
}
