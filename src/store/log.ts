import type { Pool } from 'pg'
import { type Answer, type Append, Conflict, type Delivery, KeyReused, type Log, TakenBefore } from '../agent/ports.ts'
import { SCHEMA_VERSION, type StoredEvent, upcast } from '../thread/upcast.ts'
import { violated } from './pool.ts'

/** The append-only log. One statement is one commit, so that nothing can be half written. */
export const createLog = (pool: Pool): Log => ({
  load: (threadId, after = 0) => load(pool, threadId, after),
  append: (row) => append(pool, row),
  taken: (delivery) => taken(pool, delivery),
})

const load = async (pool: Pool, threadId: string, after: number) => {
  const { rows } = await pool.query<{ now: string; event: StoredEvent | null }>({
    name: 'load',
    text: `
      select
        to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
        case when e.seq is not null then jsonb_build_object(
          'thread_id', e.thread_id, 'seq', e.seq, 'type', e.type, 'data', e.data, 'actor', e.actor,
          'schema_version', e.schema_version,
          'at', to_char(e.at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        ) end as event
      from (select 1) as always
      left join events e on e.thread_id = $1 and e.seq > $2
      order by e.seq`,
    values: [threadId, after],
  })
  const events = rows.flatMap(({ event }) => (event ? [upcast(event)] : []))
  return { events, now: rows[0]?.now ?? '' }
}

const append = async (pool: Pool, row: Append): Promise<void> => {
  try {
    await pool.query({ name: 'append', text: APPEND, values: values(row) })
  } catch (error) {
    throw await meaning(error, pool, row)
  }
}

/**
 * Events, the index over them and the delivery that caused them, together or not at all.
 * `wake_at` is set by what comes from outside only: the owner's own appends must not lose such a call.
 */
const APPEND = `
  with appended as (
    insert into events (thread_id, seq, type, data, actor, at, schema_version)
    select $1::uuid, e.seq, e.type, e.data, e.actor, e.at, ${SCHEMA_VERSION}
    from jsonb_to_recordset($2::jsonb) as e(seq int, type text, data jsonb, actor jsonb, at timestamptz)
  ), delivered as (
    insert into deliveries (source, id, body_hash, thread_id, answer)
    select $12, $13, $14, $1, $15::jsonb where $12::text is not null
  )
  insert into threads as t (id, agent, title, status, version, parent_id, forked_from, run_id, created_at, updated_at, wake_at)
  values ($1, $3, $4, $5, $6, $7, $8, $9, $16, $10, case when $11 then clock_timestamp() end)
  on conflict (id) do update set
    title = excluded.title, status = excluded.status, version = excluded.version, run_id = excluded.run_id,
    updated_at = excluded.updated_at, wake_at = coalesce(excluded.wake_at, t.wake_at)
`

const values = ({ thread_id, events, expected_version, index, wake, delivery }: Append): unknown[] => [
  thread_id,
  JSON.stringify(events.map(({ seq, type, data, actor, at }) => ({ seq, type, data, actor, at }))),
  index.agent,
  index.title,
  index.status,
  expected_version + events.length,
  index.parent_id,
  index.forked_from,
  index.run_id,
  index.updated_at,
  wake,
  delivery?.source ?? null,
  delivery?.id ?? null,
  delivery?.body_hash ?? null,
  delivery ? JSON.stringify(delivery.answer) : null,
  index.created_at,
]

/** A delivery that was taken before goes before a lost place: its answer is known already. */
const meaning = async (error: unknown, pool: Pool, { thread_id, delivery }: Append): Promise<unknown> => {
  const constraint = violated(error)
  if (constraint === null) return error
  const answer = delivery ? await taken(pool, delivery) : null
  if (answer) return new TakenBefore(answer)
  return constraint === 'events_pkey' ? new Conflict(`thread ${thread_id} has moved on`) : error
}

const taken = async (pool: Pool, { source, id, body_hash }: Delivery): Promise<Answer | null> => {
  const { rows } = await pool.query<{ body_hash: string; answer: Answer }>({
    name: 'taken',
    text: 'select body_hash, answer from deliveries where source = $1 and id = $2',
    values: [source, id],
  })
  const [row] = rows
  if (!row) return null
  if (row.body_hash !== body_hash) throw new KeyReused(`${id} was used for another request`)
  return row.answer
}
