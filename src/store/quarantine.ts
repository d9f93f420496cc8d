import type { Pool } from 'pg'
import type { ThreadSummary } from '../agent/ports.ts'
import { LATEST, SUMMARY } from './list.ts'

export interface Quarantined extends ThreadSummary {
  quarantined_at: string
  reason: string
}

/** Threads that could not go on and were set aside, until an operator lets them go on. */
export const createQuarantine = (pool: Pool) => ({
  /** The latest first. */
  list: async (): Promise<Quarantined[]> => {
    const { rows } = await pool.query<Quarantined>(
      `select ${SUMMARY}, t.quarantined_at, coalesce(t.quarantine_reason, '') as reason
        from threads t ${LATEST} where t.quarantined_at is not null order by t.quarantined_at desc`,
    )
    return rows
  },

  /** Lets it go on, at once. False: it is not in quarantine. */
  release: async (threadId: string): Promise<boolean> => {
    const { rowCount } = await pool.query({
      text: `update threads set quarantined_at = null, quarantine_reason = null, wake_at = now()
        where id = $1 and quarantined_at is not null`,
      values: [threadId],
    })
    return rowCount === 1
  },
})
