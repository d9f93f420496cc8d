import { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Client, type PoolConfig } from 'pg'
import { CHANNEL } from './bell.ts'
import { OWNER_LOCKS } from './owner.ts'

const RETRY_MS = 500
const LOOK_MS = 2_000
const ANSWER_MS = 2_000
const GOODBYE_MS = 500

/** A connection, and the end of it, whether Postgres said so or we gave it up. */
interface Line {
  client: Client
  broken: AbortSignal
  cut: () => void
}

/**
 * One connection that says "this process is alive" by holding its advisory lock, and hears what others ring.
 * When it breaks, the lock is gone at once and others take over; it then comes back by itself. One on which nothing comes back is
 * given up too: its lock stays until Postgres notices, and says what is true, that we are alive.
 */
export const keepPresence = async (connection: PoolConfig, owner: number, heard: (payload: string) => void) => {
  const closing = new AbortController()
  let line = await open(connection, heard)

  /** For as long as the connection answers. */
  const stay = async (holding: boolean): Promise<never> => {
    const signal = AbortSignal.any([closing.signal, line.broken])
    let holds = holding
    for (;;) {
      await sleep(holds ? LOOK_MS : RETRY_MS, undefined, { signal })
      if (holds) await line.client.query('select 1')
      else holds = await lock(line.client, owner)
    }
  }

  const keep = async (holding: boolean): Promise<void> => {
    await stay(holding).catch(() => {})
    while (!closing.signal.aborted) {
      line.cut()
      await sleep(RETRY_MS)
      const again = await open(connection, heard).catch(() => null)
      if (again === null) continue
      line = again
      await stay(await lock(line.client, owner).catch(() => false)).catch(() => {})
    }
  }

  const kept = keep(await lock(line.client, owner))
  return {
    async close(): Promise<void> {
      closing.abort()
      await kept
      await Promise.race([line.client.end(), sleep(GOODBYE_MS)])
      line.cut()
    },
  }
}

const open = async (connection: PoolConfig, heard: (payload: string) => void): Promise<Line> => {
  const socket = new Socket()
  const broken = new AbortController()
  const deadlines = { connectionTimeoutMillis: ANSWER_MS, query_timeout: ANSWER_MS }
  const client = new Client({ ...connection, ...deadlines, application_name: 'deploybot', stream: () => socket })
  client.on('error', () => {})
  client.on('end', () => broken.abort())
  client.on('notification', ({ payload }) => heard(payload ?? ''))
  try {
    await client.connect()
    await client.query(`listen ${CHANNEL}`)
  } catch (error) {
    socket.destroy()
    throw error
  }
  return { client, broken: broken.signal, cut: () => void socket.destroy() }
}

/** Tried, not waited for: a session that waits in a statement hears no notification. */
const lock = async (client: Client, owner: number): Promise<boolean> => {
  const { rows } = await client.query('select pg_try_advisory_lock($1, $2) as held', [OWNER_LOCKS, owner])
  return rows[0]?.held === true
}
