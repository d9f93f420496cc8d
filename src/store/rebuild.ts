import type { Pool, PoolClient } from 'pg'
import { type Deployment, deploymentsIn } from '../thread/deployments.ts'
import type { Event } from '../thread/event.ts'
import type { IndexRow } from '../thread/index-row.ts'
import { type StoredEvent, upcast } from '../thread/upcast.ts'
import { replaceDeployments } from './deployments.ts'
import { SQLSTATE } from './pool.ts'

export type Indexed = IndexRow & { due: string | null }
type Refolded = { row: Indexed; deployments: Deployment[] }
type IndexOf = (events: Event[], now: string) => Indexed
type Stored = { events: StoredEvent[]; now: string }

/** `unreadable`: their rows are left as they were. */
export interface Rebuilt {
  folded: number
  unreadable: { id: string; why: string }[]
}

const THREADS_A_PAGE = 200
const MOST_TRIES = 5
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

/**
 * Folds the index anew from the log, beside a service that goes on working. Each thread is a transaction of its own
 * that holds the lock of its row, and an append to that thread waits for it.
 */
export const rebuild = async (pool: Pool, indexOf: IndexOf): Promise<Rebuilt> => {
  const done: Rebuilt = { folded: 0, unreadable: [] }
  const newest = await newestThread(pool)
  let last = BEFORE_ALL
  for (;;) {
    const ids = await threadsBetween(pool, last, newest)
    for (const id of ids) {
      const why = await refoldAgain(pool, id, indexOf)
      if (why === null) done.folded += 1
      else done.unreadable.push({ id, why })
    }
    const end = ids.at(-1)
    await dropOrphans(pool, last, end ?? null)
    if (end === undefined) return done
    last = end
  }
}

/** Ids grow with time: what is launched after this has its row already, and need not be caught up with. */
const newestThread = async (pool: Pool): Promise<string> => {
  const { rows } = await pool.query<{ thread_id: string }>(
    'select thread_id from events order by thread_id desc limit 1',
  )
  return rows[0]?.thread_id ?? BEFORE_ALL
}

const threadsBetween = async (pool: Pool, after: string, upTo: string): Promise<string[]> => {
  const { rows } = await pool.query<{ thread_id: string }>({
    text: `select thread_id from events where seq = 1 and thread_id > $1 and thread_id <= $2
      order by thread_id limit $3`,
    values: [after, upTo, THREADS_A_PAGE],
  })
  return rows.map(({ thread_id }) => thread_id)
}

/**
 * Where the row of another thread has to be put right too, appends that want both may wait for us as we wait for them. Postgres then
 * undoes one of the two, which may be begun again.
 */
const refoldAgain = async (pool: Pool, id: string, indexOf: IndexOf): Promise<string | null> => {
  for (let tries = 1; ; tries++) {
    try {
      return await refold(pool, id, indexOf)
    } catch (error) {
      if ((error as { code?: string }).code !== SQLSTATE.deadlock || tries === MOST_TRIES) throw error
    }
  }
}

/** Null: done. Otherwise why this thread's log does not fold: it keeps its row, and the others go on. */
const refold = async (pool: Pool, id: string, indexOf: IndexOf): Promise<string | null> => {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await lock(client, id)
    const folded = fold(await load(client, id), indexOf)
    if (folded instanceof Error) {
      await client.query('rollback')
      return folded.message
    }
    await unholdStale(client, folded.row)
    await write(client, folded.row)
    await replaceDeployments(client, id, folded.deployments)
    await client.query('commit')
    return null
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}

const fold = ({ events, now }: Stored, indexOf: IndexOf): Refolded | Error => {
  try {
    const read = events.map((event) => upcast(event))
    return { row: indexOf(read, now), deployments: deploymentsIn(read) }
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error))
  }
}

/** An append that changes what stands in this row waits for it; a row that is missing stands here first. What is there stays. */
const lock = (client: PoolClient, id: string) =>
  client.query({
    text: `
      insert into threads as t (id, agent, title, status, created_at) values ($1, '', '', '', now())
      on conflict (id) do update set status = t.status where false`,
    values: [id],
  })

/** A statement after `lock`, so that it sees what was appended while the lock was waited for. */
const load = async (client: PoolClient, id: string): Promise<Stored> => {
  const { rows } = await client.query<Stored>({
    text: `
      select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as now,
        jsonb_agg(jsonb_build_object('thread_id', thread_id, 'seq', seq, 'type', type, 'data', data, 'actor', actor,
          'schema_version', schema_version,
          'at', to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by seq) as events
      from events where thread_id = $1`,
    values: [id],
  })
  return rows[0] ?? { events: [], now: '' }
}

/** This thread's log is locked and says that it holds this: another row that says so too is wrong, and its own turn is to come. */
const unholdStale = async (client: PoolClient, { id, holds, sole }: Indexed): Promise<void> => {
  if (holds !== null) await client.query('update threads set holds = null where holds = $1 and id <> $2', [holds, id])
  if (sole !== null) await client.query('update threads set sole = null where sole = $1 and id <> $2', [sole, id])
}

/** Whoever owns the thread keeps it; a wake-up that was set from outside is not put off. */
const write = (client: PoolClient, row: Indexed) =>
  client.query({
    text: `
      update threads t set
        agent = r.agent, title = r.title, status = r.status, parent_id = r.parent_id,
        forked_from = r.forked_from, run_id = r.run_id, created_at = r.created_at, holds = r.holds,
        waits = r.waits, locks = r.locks, sole = r.sole, addresses = string_to_array(r.addresses, e'\\n'),
        service = r.service, environment = r.environment, person = r.person,
        wake_at = case when t.quarantined_at is null then least(t.wake_at, r.due) end
      from jsonb_to_record($1::jsonb) as r(id uuid, agent text, title text, status text, parent_id uuid,
        forked_from uuid, run_id bigint, created_at timestamptz, due timestamptz,
        holds text, waits text, locks text, sole text, addresses text,
        service text, environment text, person text)
      where t.id = r.id`,
    values: [JSON.stringify(row)],
  })

/** Rows of no thread, in the range of one page. */
const dropOrphans = (pool: Pool, after: string, upTo: string | null) =>
  pool.query({
    text: `
      delete from threads t where id > $1 and ($2::uuid is null or id <= $2)
        and not exists (select from events e where e.thread_id = t.id and e.seq = 1)`,
    values: [after, upTo],
  })
