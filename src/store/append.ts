import type { Pool } from 'pg'
import type { Append, Written } from '../agent/ports.ts'
import { SCHEMA_VERSION } from '../thread/upcast.ts'
import { FREE, LEASE } from './owner.ts'

/** What came from outside is worked on at once by the process that it came to, unless somebody works on the thread already. */
const TAKES = `c.hold = 'take' and t.quarantined_at is null and ${FREE}`

/**
 * Its owner lets go, unless something came meanwhile: it is due, or its log is longer than the owner knows (who was stopped, taken for
 * dead, and has taken the thread anew). What is let go by stale knowledge might never be woken. `drop` lets go in any case: it is due.
 */
const RESTS = `t.owner = $4 and (c.hold = 'drop' or (c.hold = 'release'
  and (t.wake_at is null or t.wake_at > clock_timestamp())
  and (select true from events n where n.thread_id = t.id and n.seq = c.version + 1) is null))`

/**
 * Events, the index over them, the deliveries that caused them and who works on them, of many threads in one statement and so in one
 * commit: all of it or nothing. Sharing it is what makes a step cheap (5 to 6 times the threads a second of a commit each).
 * Subqueries give a value each: `exists` and `not exists` may be planned as one scan of a whole table (measured: 20 × slower).
 * What would leave a gap in its thread is left out: the database has lost what this process built on (a failover).
 */
const APPEND = `
  with event as materialized (
    select * from jsonb_to_recordset($1::jsonb) as e(thread_id uuid, seq int, type text, data jsonb, actor jsonb, at timestamptz)
  ), gap as materialized (
    select thread_id from (
      select thread_id, (select true from events b where b.thread_id = f.thread_id and b.seq = f.seq - 1) as follows
      from (select thread_id, min(seq) as seq from event group by thread_id) f where f.seq > 1) g
    where follows is null
  ), change as materialized (
    select * from jsonb_to_recordset($2::jsonb) as c(id uuid, hold text, until timestamptz, version int, born boolean, indexed boolean,
      agent text, title text, status text, parent_id uuid, forked_from uuid, run_id bigint, created_at timestamptz)
    where id not in (table gap)
  ), appended as (
    insert into events (thread_id, seq, type, data, actor, at, schema_version)
    select thread_id, seq, type, data, actor, at, ${SCHEMA_VERSION} from event where thread_id not in (table gap)
  ), delivered as (
    insert into deliveries (source, id, body_hash, thread_id, answer)
    select d.source, d.id, d.body_hash, d.thread_id, d.answer
    from jsonb_to_recordset($3::jsonb) as d(source text, id text, body_hash text, thread_id uuid, answer jsonb, hint boolean)
    where d.thread_id not in (table gap) and (not d.hint or (select true from threads t where t.id = d.thread_id))
  ), born as (
    insert into threads (id, agent, title, status, parent_id, forked_from, run_id, created_at, owner, leased_until, epoch, wake_at)
    select id, agent, title, status, parent_id, forked_from, run_id, created_at,
      case hold when 'take' then $4::int end, case hold when 'take' then clock_timestamp() + ${LEASE} end,
      case hold when 'take' then 1 else 0 end, case hold when 'wake' then clock_timestamp() end
    from change where born
    returning id, owner = $4 as mine
  ), moved as (
    update threads t set
      title = case when c.indexed then c.title else t.title end,
      status = case when c.indexed then c.status else t.status end,
      run_id = case when c.indexed then c.run_id else t.run_id end,
      (owner, leased_until, epoch, wake_at) = (
        select
          case when d.takes then $4 when d.rests then null else t.owner end,
          case when d.takes then clock_timestamp() + ${LEASE} when d.rests then null else t.leased_until end,
          case when d.takes then t.epoch + 1 else t.epoch end,
          case
            when d.takes then null
            when c.hold in ('take', 'wake') and t.quarantined_at is null then clock_timestamp()
            when d.rests then least(c.until, t.wake_at)
            when c.hold = 'release' and t.owner = $4 then null
            else t.wake_at end
        from (select ${TAKES} as takes, ${RESTS} as rests offset 0) d)
    from change c where t.id = c.id and not c.born
    returning t.id, t.owner is not null and t.owner = $4 as mine
  )
  select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
    (select array_agg(thread_id) from gap) as gaps,
    (select jsonb_object_agg(id, coalesce(mine, false)) from (select * from born union all select * from moved) as touched) as threads`

/** One statement for all of them. Throws what Postgres says: then nothing of any of them was written. */
export const appendAll = async (pool: Pool, owner: number, rows: Append[]): Promise<(Written & { gap: boolean })[]> => {
  const { rows: answers } = await pool.query<{
    now: string
    gaps: string[] | null
    threads: Record<string, boolean> | null
  }>({
    name: 'append',
    text: APPEND,
    values: [
      JSON.stringify(rows.flatMap(({ events }) => events)),
      JSON.stringify(rows.flatMap(changeOf)),
      JSON.stringify(rows.flatMap(deliveryOf)),
      owner,
    ],
  })
  const { now = '', gaps, threads } = answers[0] ?? {}
  return rows.map(({ thread_id }) => ({
    now,
    gap: gaps?.includes(thread_id) ?? false,
    known: threads?.[thread_id] !== undefined,
    mine: threads?.[thread_id] ?? false,
  }))
}

/** The index is touched only where something of it changes. */
const changeOf = ({ thread_id, expected_version, events, index, hold, until }: Append) =>
  index === null && hold === 'keep'
    ? []
    : [
        {
          id: thread_id,
          hold,
          until,
          version: expected_version + events.length,
          born: expected_version === 0 && events.length > 0,
          indexed: index !== null,
          ...index,
        },
      ]

/** A delivery without events is a hint: for a thread that is not there it is not taken. */
const deliveryOf = ({ thread_id, events, delivery }: Append) =>
  delivery ? [{ ...delivery, thread_id, hint: events.length === 0 }] : []
