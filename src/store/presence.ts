import { Client, type PoolConfig } from 'pg'
import { CHANNEL } from './bell.ts'
import { OWNER_LOCKS } from './owner.ts'

const RETRY_MS = 500

/**
 * One connection that says "this process is alive" by holding its advisory lock, and hears what others ring.
 * When it breaks, the lock is gone at once and others take over; it then comes back by itself.
 */
export const keepPresence = async (connection: PoolConfig, owner: number, heard: (payload: string) => void) => {
  let closed = false
  let client: Client | undefined
  let retry: NodeJS.Timeout | undefined

  const connect = async (): Promise<void> => {
    const fresh = new Client({ ...connection, application_name: 'deploybot', keepAlive: true })
    fresh.on('error', () => {})
    fresh.on('end', again)
    fresh.on('notification', ({ payload }) => heard(payload ?? ''))
    await fresh.connect()
    client = fresh
    await fresh.query('select pg_advisory_lock($1, $2)', [OWNER_LOCKS, owner])
    await fresh.query(`listen ${CHANNEL}`)
  }

  const again = (): void => {
    if (closed) return
    clearTimeout(retry)
    retry = setTimeout(() => connect().catch(again), RETRY_MS)
  }

  await connect()
  return {
    async close() {
      closed = true
      clearTimeout(retry)
      await client?.end()
    },
  }
}
