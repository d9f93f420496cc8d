import { SCHEMA_VERSION } from '../thread/upcast.ts'
import { CHANGES, HEARS, ROW_PARTS, type RowPart, touching } from './append-row.ts'

/** What an append does beside writing events: something to its thread's row, noting a delivery, or how a deployment ended. */
export const PARTS = [...ROW_PARTS, 'delivered', 'deployed'] as const
export type Part = RowPart | 'delivered' | 'deployed'

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

const BESIDE: { name: Part; text: string }[] = [
  {
    name: 'delivered',
    text: `
    insert into deliveries (source, id, body_hash, thread_id, answer)
    select d.source, d.id, d.body_hash, d.thread_id, d.answer
    from jsonb_to_recordset($deliveries::jsonb) as d(source text, id text, body_hash text, thread_id uuid, answer jsonb, hint boolean)
    where not d.hint or (select true from threads t where t.id = d.thread_id and ${HEARS})`,
  },
  {
    // Whoever loses a place in the log is told so by the log.
    name: 'deployed',
    text: `
    insert into deployments select * from jsonb_populate_recordset(null::deployments, $deployments::jsonb) on conflict do nothing`,
  },
]

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
  const rows = touching(ROW_PARTS.filter((part) => parts.includes(part)))
  const beside = BESIDE.filter(({ name }) => parts.includes(name))
  const changes = [...rows, ...beside].map(({ name, text }) => `${name} as (${text})`)
  const tables = [EVENTS, ...(rows.length > 0 ? [CHANGES] : []), ...changes]
  const touched = rows.map(({ name }) => `select * from ${name}`).join(' union all ')
  const threads = `(select jsonb_object_agg(id, mine) from (${touched}) as touched) as threads`
  return `with ${tables.join(', ')} select ${[NOW, ...(touched ? [threads] : [])].join(', ')}`
}

/** Numbers those parameters that it names. */
const withParams = (text: string): Pick<Statement, 'text' | 'params'> => {
  const params = PARAMS.filter((param) => text.includes(`$${param}::`))
  const numbered = text.replace(/\$([a-z_]+)::/g, (_, param: Param) => `$${params.indexOf(param) + 1}::`)
  return { text: numbered, params }
}
