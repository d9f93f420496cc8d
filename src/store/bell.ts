import { EventEmitter } from 'node:events'
import type { Pool } from 'pg'
import type { Bell } from '../agent/ports.ts'

export const CHANNEL = 'deploybot'

// Rings of one moment travel together: notifying in each append would slow every append (measured: 6,500 → 1,050 threads/s).
const GATHER_MS = 50
// A notification holds less than 8,000 bytes; a thread id takes 39 of them in JSON.
const IDS_A_NOTIFICATION = 150

/** Rings here at once, and in other processes soon. `owner` marks our own notifications, which are not heard twice. */
export const createBell = (pool: Pool, owner: number) => {
  const ears = new EventEmitter().setMaxListeners(0)
  const waiting = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  const tellOthers = async (): Promise<void> => {
    timer = undefined
    const ids = [...waiting]
    waiting.clear()
    for (let i = 0; i < ids.length; i += IDS_A_NOTIFICATION) {
      const payload = JSON.stringify({ from: owner, ids: ids.slice(i, i + IDS_A_NOTIFICATION) })
      // A ring that is lost costs the others a sweep.
      await pool.query({ text: 'select pg_notify($1, $2)', values: [CHANNEL, payload] }).catch(() => {})
    }
  }

  return {
    ring(threadId: string) {
      setImmediate(() => ears.emit('ring', threadId))
      waiting.add(threadId)
      timer ??= setTimeout(() => void tellOthers(), GATHER_MS)
    },
    listen(hear: (threadId: string) => void) {
      ears.on('ring', hear)
      return () => void ears.off('ring', hear)
    },
    /** What another process rang. */
    heard(payload: string) {
      const { from, ids } = JSON.parse(payload) as { from: number; ids: string[] }
      if (from !== owner) for (const id of ids) ears.emit('ring', id)
    },
    stop() {
      clearTimeout(timer)
    },
  } satisfies Bell & Record<string, unknown>
}
