import type { Health, SchemaState } from '../agent/ports.ts'
import { cached, within } from './cached.ts'

// The worker looks for work twice a second: after this long it is stuck, or has lost the database.
const STUCK_MS = 15_000
const DATABASE_MS = 2_000
// Whoever asks often does not fill the pool.
const KEPT_MS = 1_000

export interface HealthOptions {
  /** How long the worker has done nothing with its queue. */
  silentMs: () => number
  schema: () => Promise<SchemaState>
}

/** Whether work can be done here now; where not, why. */
export const createHealth = ({ silentMs, schema }: HealthOptions) => {
  let stopping = false
  const database = cached(() => within(DATABASE_MS, schema()), KEPT_MS)
  return {
    stop(): void {
      stopping = true
    },
    async check(): Promise<Health> {
      if (stopping) return not('this service is stopping')
      const wrong = SAYS[(await database()) ?? 'unreachable']
      if (wrong !== null) return not(wrong)
      const silent = silentMs()
      return silent > STUCK_MS ? not(`the worker has taken no work for ${Math.round(silent / 1000)} s`) : { ok: true }
    },
  }
}

const not = (reason: string): Health => ({ ok: false, reason })

const SAYS: Record<SchemaState | 'unreachable', string | null> = {
  current: null,
  unreachable: 'the database does not answer',
  pending: 'the schema is older than this service: run npm run migrate',
  // Migrations only expand: during a rolling upgrade the older version goes on working.
  newer: null,
}
