import type { Pool } from 'pg'
import type { StoredEvent } from '../thread/upcast.ts'

/** A thread as it is stored: its log and its row, of one moment. No row: it is missing. */
export interface StoredThread {
  id: string
  events: StoredEvent[]
  row: Record<string, unknown> | null
}

/** Every thread that began after `after`, in order, as many as `limit`. One statement: a service may go on beside it. */
export const storedThreads = async (pool: Pool, after: string, limit: number): Promise<StoredThread[]> => {
  const { rows } = await pool.query<StoredThread>({
    text: `
      with page as (select thread_id as id from events where seq = 1 and thread_id > $1 order by thread_id limit $2)
      select page.id,
        (select jsonb_agg(jsonb_build_object('thread_id', e.thread_id, 'seq', e.seq, 'type', e.type, 'data', e.data,
            'actor', e.actor, 'schema_version', e.schema_version,
            'at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by e.seq)
          from events e where e.thread_id = page.id) as events,
        (select to_jsonb(t) || jsonb_build_object(
            'created_at', to_char(t.created_at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'addresses', array_to_string(t.addresses, e'\\n'))
          from threads t where t.id = page.id) as row
      from page order by page.id`,
    values: [after, limit],
  })
  return rows
}
