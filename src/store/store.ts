import { randomInt } from 'node:crypto'
import type { PoolConfig } from 'pg'
import { createBell } from './bell.ts'
import { createCensus } from './census.ts'
import { createDeployments } from './deployments.ts'
import { startEmbedded } from './embedded.ts'
import { createLanes } from './lanes.ts'
import { createListing } from './listing.ts'
import { createLog } from './log.ts'
import { migrate, schemaState, setUpAt } from './migrate.ts'
import { createMutes } from './mutes.ts'
import { createOverview } from './overview.ts'
import { createPool } from './pool.ts'
import { keepPresence } from './presence.ts'
import { createQueue } from './queue.ts'
import { createTokens } from './tokens.ts'
import { createUsage } from './usage.ts'

export type DatabaseConfig = { url: string } | { dataDir: string } | { connection: PoolConfig }

/** Opens the database (starting the embedded one where no server is named), brings its schema up to date. */
export const openDatabase = async (config: DatabaseConfig) => {
  const { connection, description, stop } = await reach(config)
  const pool = createPool(connection)
  try {
    await migrate(connection)
  } catch (error) {
    await pool.end()
    await stop()
    throw error
  }
  const close = async (): Promise<void> => {
    await pool.end()
    await stop()
  }
  return { connection, pool, description, close }
}

const reach = async (config: DatabaseConfig) => {
  const nothing = async (): Promise<void> => {}
  if ('dataDir' in config) return startEmbedded({ dataDir: config.dataDir })
  const connection = 'url' in config ? { connectionString: config.url } : config.connection
  return { connection, description: 'a server', stop: nothing }
}

/** Everything the service keeps: one log, the queue and index over it, tokens, and the bell between processes. */
export const openStore = async (config: DatabaseConfig) => {
  const { connection, pool, description, close } = await openDatabase(config)
  // Distinct for every process that is alive: two billion to one against meeting another.
  const owner = randomInt(1, 2 ** 31 - 1)
  const bell = createBell(pool, owner)
  const presence = await keepPresence(connection, owner, bell.heard)
  const log = createLog(pool, owner)
  return {
    log,
    queue: createQueue(pool, owner),
    bell,
    listing: createListing(pool),
    overview: createOverview(pool),
    lanes: createLanes(pool, log),
    tokens: createTokens(pool),
    mutes: createMutes(pool),
    usage: createUsage(pool),
    census: createCensus(pool),
    deployments: createDeployments(pool),
    schema: () => schemaState(pool),
    setUpAt: () => setUpAt(pool),
    pool,
    description,
    async close() {
      bell.stop()
      await presence.close()
      await close()
    },
  }
}

export type Store = Awaited<ReturnType<typeof openStore>>
