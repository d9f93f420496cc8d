import { SCHEMA_VERSION } from '../thread/upcast.ts'
import { FREE, LEASE } from './owner.ts'

/** What an append does beside writing events: makes an index row, takes or lets go of the thread, changes its row, notes a delivery or how a deployment ended. */
export const PARTS = ['born', 'taken', 'let_go', 'kept', 'delivered', 'deployed'] as const
export type Part = (typeof PARTS)[number]

/**
 * What would leave a gap in its thread has no place, and the log refuses that: the database has lost what this process built on (a
 * failover). The first event of each append says on which one it follows. A subquery gives a value: `exists` may be planned as one scan
 * of the whole table (measured: 20 × slower). As arrays, since Postgres reads objects of many keys at twice the price.
 */
const EVENTS = `appended as (
    insert into events (thread_id, seq, type, data, actor, at, schema_version)
    select thread_id,
      case when base is null or (select true from events b where b.thread_id = e.thread_id and b.seq = e.base) then seq end,
      type, data, actor, at, ${SCHEMA_VERSION}
    from rows from (unnest($thread_ids::uuid[], $seqs::int[], $types::text[], $times::timestamptz[], $bases::int[]),
        jsonb_array_elements($data::jsonb), jsonb_array_elements($actors::jsonb))
      as e (thread_id, seq, type, at, base, data, actor)
  )`

/**
 * What stands in the log behind the version that is let go was written by others, since its owner was stopped, taken for dead, and has
 * taken it anew: what is let go by stale knowledge might never be woken.
 */
const CHANGES = `change as materialized (
    select c.*, $owner::int as me,
      c.part = 'let_go' and (select true from events n where n.thread_id = c.id and n.seq = c.version + 1) is null as latest
    from jsonb_to_recordset($changes::jsonb) as c(id uuid, part text, version int, hold text, until timestamptz,
      indexed boolean, agent text, title text, status text, parent_id uuid, forked_from uuid, run_id bigint, created_at timestamptz,
      holds text, taking boolean, waits text, locks text, sole text, addresses text, service text, environment text, person text)
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
 * A hint wakes only a thread that something may still come of. Half of what GitHub tells of a run comes when its thread has ended, and to
 * open that again cost as much as a step. (Version 0: no append of an event has that.)
 */
const HEARS = '(t.owner is not null or t.wake_at is not null or t.run_id is not null or t.holds is not null)'

/** Its owner lets go, unless something came meanwhile: it is due, or its log is longer. `drop` lets go in any case: it is due. */
const RESTS = "t.owner = c.me and (c.hold = 'drop' or (t.wake_at is null and c.latest))"

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
      owner = case when ${TAKES} then c.me else t.owner end,
      leased_until = case when ${TAKES} then clock_timestamp() + ${LEASE} else t.leased_until end,
      epoch = case when ${TAKES} then t.epoch + 1 else t.epoch end,
      wake_at = case when ${TAKES} then null when t.quarantined_at is null then clock_timestamp() else t.wake_at end
    from change c where t.id = c.id and c.part = 'taken' and (c.version > 0 or ${HEARS})
    returning ${MINE}`,
  let_go: `
    update threads t set ${INDEXED},
      owner = case when ${RESTS} then null else t.owner end,
      leased_until = case when ${RESTS} then null else t.leased_until end,
      wake_at = case
        when ${RESTS} then least(c.until, t.wake_at)
        when c.hold = 'release' and t.owner = c.me then null
        else t.wake_at end
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
    from jsonb_to_recordset($deliveries::jsonb) as d(source text, id text, body_hash text, thread_id uuid, answer jsonb, hint boolean)
    where not d.hint or (select true from threads t where t.id = d.thread_id and ${HEARS})`,
  // Whoever loses a place in the log is told so by the log.
  deployed: `
    insert into deployments select * from jsonb_populate_recordset(null::deployments, $deployments::jsonb) on conflict do nothing`,
}

const NOW = 'clock_timestamp() as now'

/** A prepared statement, and what its parameters hold, in order. */
export interface Statement {
  name: string
  text: string
  params: Param[]
}

const EVENT_PARAMS = ['thread_ids', 'seqs', 'types', 'times', 'bases', 'data', 'actors'] as const
const PARAMS = [...EVENT_PARAMS, 'changes', 'owner', 'deliveries', 'deployments'] as const
export type Param = (typeof PARAMS)[number]

/**
 * Events, the index over them, the deliveries that caused them and who works on them, of many threads in one statement and so in one
 * commit: all of it or nothing. Sharing it is what makes a step cheap (5 to 6 times the threads a second of a commit each); parts that
 * none of them needs are not in it.
 */
export const statementOf = (parts: readonly Part[]): Statement => {
  const name = `append ${parts.join(' ')}`
  const statement = STATEMENTS.get(name) ?? { name, ...withParams(textOf(parts)) }
  STATEMENTS.set(name, statement)
  return statement
}

const STATEMENTS = new Map<string, Statement>()

const textOf = (parts: readonly Part[]): string => {
  const touching = parts.filter((part) => part !== 'delivered' && part !== 'deployed')
  const touched = touching.map((part) => `select * from ${part}`).join(' union all ')
  const tables = [EVENTS, ...(touched ? [CHANGES] : []), ...parts.map((part) => `${part} as (${SQL[part]})`)]
  const threads = `(select jsonb_object_agg(id, mine) from (${touched}) as touched) as threads`
  return `with ${tables.join(', ')} select ${[NOW, ...(touched ? [threads] : [])].join(', ')}`
}

/** Numbers those parameters that it names. */
const withParams = (text: string): Pick<Statement, 'text' | 'params'> => {
  const params = PARAMS.filter((param) => text.includes(`$${param}::`))
  const numbered = text.replace(/\$([a-z_]+)::/g, (_, param: Param) => `$${params.indexOf(param) + 1}::`)
  return { text: numbered, params }
}
