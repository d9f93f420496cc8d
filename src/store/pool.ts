import { Socket } from 'node:net'
import { Pool, type PoolConfig, types } from 'pg'

// Short statements on few connections: a statement takes milliseconds, so more of them would only wait inside Postgres.
const CONNECTIONS = 10
const CONNECT_MS = 5_000
// Both, as a server that is gone or stopped ends nothing: a connection on which nothing comes back for so long is replaced.
// 3 s, so that after a lost host everything goes on within five: a client that was told so comes again a second later.
const STATEMENT_MS = 3_000
const ANSWER_MS = STATEMENT_MS + 300
const TIMESTAMPTZ = 1184
const INT8 = 20

/**
 * Statements are few and small, and each finds its rows by an index: planning them anew costs more than running them (an append
 * took 1.5 ms instead of 0.4), JIT too, and a plan made while the tables were empty must not read them whole for ever after.
 */
const PLANS = [
  'plan_cache_mode=force_generic_plan',
  'jit=off',
  'enable_seqscan=off',
  'enable_hashjoin=off',
  'enable_mergejoin=off',
]

/** Codes, and classes of codes by their first two letters. */
export const SQLSTATE = {
  uniqueViolation: '23505',
  notNullViolation: '23502',
  deadlock: '40P01',
  lockNotAvailable: '55P03',
  integrity: '23',
  data: '22',
} as const

/**
 * Connections for short statements, each with a deadline. A connection that the server ends is replaced by the next query.
 */
export const createPool = (connection: PoolConfig): Pool => {
  const sockets = new Set<Socket>()
  const open = (): Socket => {
    const socket = new Socket()
    sockets.add(socket)
    return socket.on('close', () => sockets.delete(socket))
  }
  const pool = new Pool({
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: ANSWER_MS,
    keepAlive: true,
    ...connection,
    application_name: 'deploybot',
    stream: open,
    options: [...PLANS, `statement_timeout=${STATEMENT_MS}`].map((setting) => `-c ${setting}`).join(' '),
    types: { getTypeParser: parserOf },
  })
  // Without listeners a connection that dies would end the process: one that is idle, and one between the statements of its holder.
  pool.on('error', () => {}).on('connect', (client) => client.on('error', () => {}))
  // A server that lives ends a statement before this deadline: where nothing comes back on one connection the host is lost, and
  // nobody waits for the others to prove it one by one.
  pool.on('release', (error) => {
    if (/Query read timeout/.test(error?.message ?? '')) for (const socket of sockets) socket.destroy()
  })
  return pool
}

/** Times come out as the text that goes over the wire, run ids as numbers (they stay far below 2^53). */
const parserOf = ((oid: number, format?: 'text') => {
  if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString()
  if (oid === INT8) return Number
  return types.getTypeParser(oid, format)
}) as typeof types.getTypeParser

/** The unique constraint that a statement met; null: it failed of something else. */
export const violated = (error: unknown): string | null => {
  const { code, constraint } = (error ?? {}) as { code?: string; constraint?: string }
  return code === SQLSTATE.uniqueViolation ? (constraint ?? '') : null
}
