import type { Pool } from 'pg'
import type { Event } from '../../../src/thread/event.ts'
import type { Acknowledged, Post, Row, Snapshot } from '../invariants.ts'
import type { Passed } from './http-proxy.ts'

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`
const iso = (column: string): string => `to_char(${column} at time zone 'utc', ${ISO}) as ${column.split('.').at(-1)}`

const VERSION = '(select max(seq) from events e where e.thread_id = t.id) as version'

export interface Standing {
  id: string
  status: string
  version: number
  owner: string | null
  /** Seq of the newest approval that was asked for. */
  asked: number | null
  /** The thread that is in the place whose turn it awaits. */
  holder: string | null
}

/** Where threads stand, in one look. */
export const standings = async (view: Pool, ids: readonly string[]): Promise<Standing[]> => {
  const { rows } = await view.query<Standing>({
    text: `select t.id, t.status, ${VERSION}, t.owner::text as owner,
        (select max(seq) from events e where e.thread_id = t.id and e.type = 'approval_requested') as asked,
        (select h.id from threads h where h.holds = t.waits limit 1) as holder
      from threads t where t.id = any($1::uuid[])`,
    values: [ids],
  })
  return rows
}

/** Threads that somebody works on just now. */
export const owned = async (view: Pool): Promise<Standing[]> => {
  const { rows } = await view.query<Standing>(
    `select id, status, ${VERSION}, owner::text as owner, null as asked, null as holder from threads t where owner is not null`,
  )
  return rows
}

export const eventsOf = async (view: Pool, ids: readonly string[] | null = null): Promise<Map<string, Event[]>> => {
  const { rows } = await view.query<Event>({
    text: `select thread_id, seq, type, data, actor, ${iso('at')} from events
      where $1::uuid[] is null or thread_id = any($1::uuid[]) order by thread_id, seq`,
    values: [ids],
  })
  return Map.groupBy(rows, ({ thread_id }) => thread_id)
}

/** Everything that a run left behind. Nothing may be running any more. */
export const takeSnapshot = async (view: Pool, posts: Post[], acknowledged: Acknowledged[]): Promise<Snapshot> => {
  const logs = await eventsOf(view)
  const { rows } = await view.query<Row>(
    `select id, agent, title, status, parent_id, forked_from, run_id::float8 as run_id, holds, waits, locks, sole, array_to_string(addresses, e'\\n') as addresses, service, environment, person, ${iso('created_at')},
      wake_at::text as wake_at, owner is not null as owned from threads`,
  )
  const { rows: deliveries } = await view.query('select source, id, thread_id from deliveries')
  const { rows: deployments } = await view.query('select thread_id, seq from deployments')
  const { rows: clock } = await view.query<{ now: string }>(`select to_char(now() at time zone 'utc', ${ISO}) as now`)
  const now = clock[0]?.now ?? ''
  return { logs, rows: new Map(rows.map((row) => [row.id, row])), deliveries, deployments, posts, acknowledged, now }
}

/** The dispatches among the requests that came by on their way to GitHub. */
export const postsOf = (passed: readonly Passed[]): Post[] =>
  passed
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/dispatches'))
    .map(({ body, status, at }) => {
      const { inputs } = JSON.parse(body) as { inputs: Record<string, string> }
      const accepted = status !== null && status < 300
      return { dispatch_id: inputs['dispatch_id'] ?? '', inputs, accepted, at: performance.timeOrigin + at }
    })
