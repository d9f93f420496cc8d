import { EventEmitter } from 'node:events'
import type { Pool } from 'pg'
import type { Bell, Ring } from '../agent/ports.ts'

export const CHANNEL = 'deploybot'

// Rings of one moment travel together: notifying in each append would slow every append (measured: 6,500 → 1,050 threads/s).
const GATHER_MS = 50
// A notification holds less than 8,000 bytes; a thread id takes 39 of them in JSON.
const IDS_A_NOTIFICATION = 150

/** Rings here at once, and in other processes soon. `owner` marks our own notifications, which are not heard twice. */
export const createBell = (pool: Pool, owner: number) => {
  const ears = new EventEmitter().setMaxListeners(0)
  // What the others are to hear: whether the thread is due too.
  const waiting = new Map<string, boolean>()
  let timer: NodeJS.Timeout | undefined

  const tellOthers = async (): Promise<void> => {
    timer = undefined
    const rings = [...waiting]
    waiting.clear()
    for (let i = 0; i < rings.length; i += IDS_A_NOTIFICATION) {
      const some = rings.slice(i, i + IDS_A_NOTIFICATION)
      const due = some.flatMap(([id, isDue]) => (isDue ? [id] : []))
      const changed = some.flatMap(([id, isDue]) => (isDue ? [] : [id]))
      // A ring that is lost costs the others a sweep.
      const values = [CHANNEL, JSON.stringify({ from: owner, due, changed })]
      await pool.query({ text: 'select pg_notify($1, $2)', values }).catch(() => {})
    }
  }

  const emit = (ring: Ring): void => void ears.emit('ring', ring)

  return {
    ring(ring: Ring) {
      setImmediate(emit, ring)
      waiting.set(ring.thread_id, ring.news === 'due' || waiting.get(ring.thread_id) === true)
      timer ??= setTimeout(() => void tellOthers(), GATHER_MS)
    },
    listen(hear: (ring: Ring) => void) {
      ears.on('ring', hear)
      return () => void ears.off('ring', hear)
    },
    /** What another process rang. */
    heard(payload: string) {
      const { from, due, changed } = JSON.parse(payload) as { from: number; due: string[]; changed: string[] }
      if (from === owner) return
      for (const thread_id of due) emit({ thread_id, news: 'due' })
      for (const thread_id of changed) emit({ thread_id, news: 'changed' })
    },
    stop() {
      clearTimeout(timer)
    },
  } satisfies Bell & Record<string, unknown>
}
