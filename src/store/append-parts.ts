import { SCHEMA_VERSION } from '../thread/upcast.ts'
import { FREE, LEASE } from './owner.ts'

/** What an append does beside writing events: makes an index row, takes or lets go of the thread, changes its row, notes a delivery or how a deployment ended. */
export const PARTS = ['born', 'taken', 'let_go', 'kept', 'delivered', 'deployed'] as const
export type Part = (typeof PARTS)[number]

/**
 * What would leave a gap in its thread is left out: the database has lost what this process built on (a failover). Subqueries give a
 * value each: `exists` and `not exists` may be planned as one scan of a whole table (measured: 20 × slower).
 */
const follows = (row: string, id: string): string =>
  `(${row}.base = 0 or (select true from events b where b.thread_id = ${row}.${id} and b.seq = ${row}.base))`

const EVENTS = `appended as (
    insert into events (thread_id, seq, type, data, actor, at, schema_version)
    select thread_id, seq, type, data, actor, at, ${SCHEMA_VERSION}
    from jsonb_to_recordset($1::jsonb) as e(thread_id uuid, seq int, type text, data jsonb, actor jsonb, at timestamptz, base int)
    where ${follows('e', 'thread_id')}
    returning thread_id
  )`

const CHANGES = `change as materialized (
    select c.*, $3::int as me from jsonb_to_recordset($2::jsonb) as c(id uuid, part text, base int, version int, hold text, until timestamptz,
      indexed boolean, agent text, title text, status text, parent_id uuid, forked_from uuid, run_id bigint, created_at timestamptz,
      holds text, taking boolean, waits text, locks text, sole text, addresses text, service text, environment text, person text)
    where ${follows('c', 'id')}
  )`

/**
 * A thread begins to hold something only by an event that says so: any other append, of a thread that an older version let start, must
 * not fail because of it.
 */
const HOLDS = '(case when c.holds is null or c.taking then c.holds else t.holds end)'

/** Only a launch takes it, so no later append can fail because of it. */
const SOLE = 'case when c.sole is null then null else t.sole end'

/** One text on the way, an array where it is looked up. */
const ADDRESSES = `string_to_array(c.addresses, e'\\n')`

const INDEXED = `
      title = case when c.indexed then c.title else t.title end,
      status = case when c.indexed then c.status else t.status end,
      run_id = case when c.indexed then c.run_id else t.run_id end,
      holds = case when c.indexed then ${HOLDS} else t.holds end,
      waits = case when c.indexed then c.waits else t.waits end,
      locks = case when c.indexed then c.locks else t.locks end,
      sole = case when c.indexed then ${SOLE} else t.sole end,
      addresses = case when c.indexed then ${ADDRESSES} else t.addresses end,
      service = case when c.indexed then c.service else t.service end,
      environment = case when c.indexed then c.environment else t.environment end`

const MINE = 't.id, t.owner is not null and t.owner = c.me as mine'

/** What came from outside is worked on at once by the process that it came to, unless somebody works on the thread already. */
const TAKES = `c.hold = 'take' and t.quarantined_at is null and ${FREE}`

/**
 * Its owner lets go, unless something came meanwhile: it is due, or its log is longer than the owner knows (who was stopped, taken for
 * dead, and has taken the thread anew). What is let go by stale knowledge might never be woken. `drop` lets go in any case: it is due.
 */
const RESTS = `t.owner = c.me and (c.hold = 'drop' or ((t.wake_at is null or t.wake_at > clock_timestamp())
          and (select true from events n where n.thread_id = t.id and n.seq = c.version + 1) is null))`

const SQL: Record<Part, string> = {
  born: `
    insert into threads (id, agent, title, status, parent_id, forked_from, run_id, created_at, holds, waits, locks, sole, addresses,
      service, environment, person, owner, leased_until, epoch, wake_at)
    select id, agent, title, status, parent_id, forked_from, run_id, created_at, holds, waits, locks, sole, ${ADDRESSES},
      service, environment, person,
      case hold when 'take' then me end, case hold when 'take' then clock_timestamp() + ${LEASE} end,
      case hold when 'take' then 1 else 0 end, case hold when 'wake' then clock_timestamp() end
    from change c where part = 'born'
    returning id, owner is not null as mine`,
  taken: `
    update threads t set ${INDEXED},
      (owner, leased_until, epoch, wake_at) = (
        select
          case when d.takes then c.me else t.owner end,
          case when d.takes then clock_timestamp() + ${LEASE} else t.leased_until end,
          case when d.takes then t.epoch + 1 else t.epoch end,
          case when d.takes then null when t.quarantined_at is null then clock_timestamp() else t.wake_at end
        from (select ${TAKES} as takes offset 0) d)
    from change c where t.id = c.id and c.part = 'taken'
    returning ${MINE}`,
  let_go: `
    update threads t set ${INDEXED},
      (owner, leased_until, wake_at) = (
        select
          case when d.rests then null else t.owner end,
          case when d.rests then null else t.leased_until end,
          case when d.rests then least(c.until, t.wake_at) when c.hold = 'release' and t.owner = c.me then null else t.wake_at end
        from (select ${RESTS} as rests offset 0) d)
    from change c where t.id = c.id and c.part = 'let_go'
    returning ${MINE}`,
  kept: `
    update threads t set title = c.title, status = c.status, run_id = c.run_id, holds = ${HOLDS}, waits = c.waits, locks = c.locks,
      sole = ${SOLE}, addresses = ${ADDRESSES}, service = c.service, environment = c.environment
    from change c where t.id = c.id and c.part = 'kept'
    returning ${MINE}`,
  delivered: `
    insert into deliveries (source, id, body_hash, thread_id, answer)
    select d.source, d.id, d.body_hash, d.thread_id, d.answer
    from jsonb_to_recordset($4::jsonb) as d(source text, id text, body_hash text, thread_id uuid, answer jsonb, base int, hint boolean)
    where ${follows('d', 'thread_id')} and (not d.hint or (select true from threads t where t.id = d.thread_id))`,
  // Whoever loses a place in the log is told so by the log.
  deployed: `
    insert into deployments
    select d.* from jsonb_to_recordset($1::jsonb) as e(thread_id uuid, base int, deployment jsonb)
    cross join lateral jsonb_populate_record(null::deployments, e.deployment) as d
    where e.deployment is not null and ${follows('e', 'thread_id')}
    on conflict do nothing`,
}

const NOW = `to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now`
// Only where something was left out has Postgres to say what was not.
const WRITTEN = `case when (select count(*) from appended) < jsonb_array_length($1) then
    (select coalesce(array_agg(distinct thread_id), '{}') from appended) end as written`

/**
 * Events, the index over them, the deliveries that caused them and who works on them, of many threads in one statement and so in one
 * commit: all of it or nothing. Sharing it is what makes a step cheap (5 to 6 times the threads a second of a commit each); parts that
 * none of them needs are not in it (an append alone takes Postgres 60 to 90 us instead of 130 to 200).
 */
export const statementOf = (parts: readonly Part[]) => {
  const name = `append ${parts.join(' ')}`
  const text = STATEMENTS.get(name) ?? textOf(parts)
  STATEMENTS.set(name, text)
  return { name, text }
}

const STATEMENTS = new Map<string, string>()

const textOf = (parts: readonly Part[]): string => {
  const touching = parts.filter((part) => part !== 'delivered' && part !== 'deployed')
  const touched = touching.map((part) => `select * from ${part}`).join(' union all ')
  const tables = [EVENTS, ...(parts.length > 0 ? [CHANGES] : []), ...parts.map((part) => `${part} as (${SQL[part]})`)]
  const threads = `(select jsonb_object_agg(id, mine) from (${touched}) as touched) as threads`
  return `with ${tables.join(', ')} select ${[NOW, WRITTEN, ...(touched ? [threads] : [])].join(', ')}`
}
