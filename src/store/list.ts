import { createHash } from 'node:crypto'
import type { Pool } from 'pg'
import { BadCursor, type ThreadFilter, type ThreadSummary } from '../agent/ports.ts'

/** Version and time of the latest event are the log's to say: one step into its primary key for each thread of a page. */
export const SUMMARY =
  't.id, t.agent, t.title, t.status, latest.seq as version, t.created_at, latest.at as updated_at, t.service, t.environment, t.person'
export const LATEST =
  'cross join lateral (select seq, at from events where thread_id = t.id order by seq desc limit 1) as latest'

/**
 * What is not in an index is looked for in so many rows at a time; the cursor goes on behind them. 10,000 rows take Postgres some 10 ms, and
 * no append pays for an index that few look into.
 */
const MOST_LOOKED_AT = 10_000

/** Columns that are compared as they are; only `status` has an index. */
const EXACT = ['status', 'agent', 'service', 'environment', 'person'] as const

/** A page of the index, newest first. A statement for each set of filters, so that each is planned for what it looks for. */
export const list = async (pool: Pool, filter: ThreadFilter & { limit: number; cursor?: string }) => {
  const { limit, cursor } = filter
  const { indexed, looked, values } = conditionsOf(filter, cursor === undefined ? null : decode(cursor))
  const from = `select * from threads ${where(indexed)} order by id desc`
  const rows = await query<ThreadSummary>(
    pool,
    looked.length === 0
      ? `select ${SUMMARY} from (${from} limit ${limit + 1}) t ${LATEST} order by t.id desc`
      : `select ${SUMMARY} from (select * from (${from} limit ${MOST_LOOKED_AT}) s ${where(looked)} order by id desc limit ${limit + 1}) t
          ${LATEST} order by t.id desc`,
    values,
  )
  const threads = rows.slice(0, limit)
  const last = rows.length > limit ? threads.at(-1) : undefined
  if (last || looked.length === 0) return { threads, cursor: last ? encode(last.id) : null }
  // Fewer than were wanted: either there are no more, or no more have been looked at.
  const end = `select id from (select id from threads ${where(indexed)} order by id desc offset ${MOST_LOOKED_AT - 1} limit 1) t`
  const [farthest] = await query<{ id: string }>(pool, end, values.slice(0, indexed.length))
  return { threads, cursor: farthest ? encode(farthest.id) : null }
}

const where = (all: string[]): string => (all.length === 0 ? '' : `where ${all.join(' and ')}`)

const conditionsOf = (filter: ThreadFilter, after: string | null) => {
  const values: string[] = []
  const put = (condition: string, value: string): string => {
    values.push(value)
    return condition.replace('?', `$${values.length}`)
  }
  const equal = (column: (typeof EXACT)[number]): string[] => {
    const value = filter[column]
    return value === undefined ? [] : [put(`${column} = ?`, value)]
  }
  const indexed = [...equal('status'), ...(after === null ? [] : [put('id < ?::uuid', after)])]
  const looked = EXACT.slice(1).flatMap(equal)
  if (filter.text) looked.push(put('title ilike ?', `%${filter.text.replace(/[\\%_]/g, '\\$&')}%`))
  return { indexed, looked, values }
}

/** Named by its text, so that each is planned once for each connection. */
const query = async <T extends object>(pool: Pool, text: string, values: string[]): Promise<T[]> =>
  (await pool.query<T>({ name: `list ${hash(text)}`, text, values })).rows

const hash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

const encode = (id: string): string => Buffer.from(id).toString('base64url')

const CURSOR = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Ids are UUIDv7: their order is that of the threads' making. */
const decode = (cursor: string): string => {
  const id = Buffer.from(cursor, 'base64url').toString()
  if (!CURSOR.test(id)) throw new BadCursor('this cursor is not one of ours')
  return id
}
