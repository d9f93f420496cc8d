import type { Pool, PoolClient } from 'pg'
import type { Event } from '../thread/event.ts'
import type { IndexRow } from '../thread/index-row.ts'

export type Indexed = IndexRow & { due: string | null }

const THREADS_A_PAGE = 200

/**
 * Drops the index and folds it anew from the log, thread by thread. The table is locked meanwhile:
 * appends and claims wait, so that nothing is indexed from half a log. Returns how many threads there are.
 */
export const rebuild = async (pool: Pool, indexOf: (events: Event[], now: string) => Indexed): Promise<number> => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await client.query('set local statement_timeout = 0')
    await client.query('lock table threads in access exclusive mode')
    await client.query('delete from threads')
    const count = await refold(client, indexOf)
    await client.query('commit')
    return count
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

const refold = async (client: PoolClient, indexOf: (events: Event[], now: string) => Indexed): Promise<number> => {
  let count = 0
  let last = '00000000-0000-0000-0000-000000000000'
  for (;;) {
    const page = await threadsAfter(client, last)
    if (page.length === 0) return count
    await insert(
      client,
      page.map(({ events, now }) => indexOf(events, now)),
    )
    count += page.length
    last = page.at(-1)?.events[0]?.thread_id ?? last
  }
}

const threadsAfter = async (client: PoolClient, last: string) => {
  const { rows } = await client.query<{ events: Event[]; now: string }>({
    text: `
      select to_char(now() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
        (select jsonb_agg(jsonb_build_object('thread_id', e.thread_id, 'seq', e.seq, 'type', e.type, 'data', e.data,
            'actor', e.actor, 'at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by e.seq)
          from events e where e.thread_id = first.thread_id) as events
      from (select thread_id from events where seq = 1 and thread_id > $1 order by thread_id limit $2) as first`,
    values: [last, THREADS_A_PAGE],
  })
  return rows
}

const insert = (client: PoolClient, rows: Indexed[]) =>
  client.query({
    text: `
      insert into threads (id, agent, title, status, parent_id, forked_from, run_id, created_at, wake_at)
      select id, agent, title, status, parent_id, forked_from, run_id, created_at, due
      from jsonb_to_recordset($1::jsonb) as r(id uuid, agent text, title text, status text, parent_id uuid,
        forked_from uuid, run_id bigint, created_at timestamptz, due timestamptz)`,
    values: [JSON.stringify(rows)],
  })
