import type { Pool } from 'pg'
import { type Answer, type Append, Conflict, type Delivery, KeyReused, type Log, TakenBefore } from '../agent/ports.ts'
import { type StoredEvent, upcast } from '../thread/upcast.ts'
import { appendAll } from './append.ts'
import { createBatch } from './batch.ts'
import { createClock } from './clock.ts'
import { SQLSTATE, violated } from './pool.ts'

// While Postgres works on one batch this process gathers the next: with 64 threads in flight 2 × 32 gave 2,900 threads a second,
// one of 128 2,100, and 4 × 8 1,800.
const MOST_APPENDS = 32
const BATCHES_AT_ONCE = 2

/** The append-only log of all threads, as process `owner` reads and writes it. */
export const createLog = (pool: Pool, owner: number): Log => {
  const clock = createClock()

  const heard = <T extends { now: string }>(answer: T): T => {
    clock.hear(answer.now)
    return answer
  }

  const together = async (rows: Append[]) => (await appendAll(pool, owner, rows)).map(heard)
  const alone = async (row: Append) => (await together([row]))[0] as Awaited<ReturnType<typeof together>>[number]
  const append = createBatch({
    together,
    alone,
    blames: isOnesFault,
    key: ({ thread_id }: Append) => thread_id,
    most: MOST_APPENDS,
    atOnce: BATCHES_AT_ONCE,
  })

  /** However many want to know the time, the database is asked once. */
  let asking: Promise<string> | null = null
  const asked = (): Promise<string> => {
    asking ??= load(pool, NO_THREAD, 0)
      .then((answer) => heard(answer).now)
      .finally(() => {
        asking = null
      })
    return asking
  }

  return {
    load: async (threadId, after = 0) => heard(await load(pool, threadId, after)),
    append: async (row) => {
      try {
        const { gap, ...appended } = await append(row)
        if (gap) throw new Conflict(`thread ${row.thread_id} is not as long as ${row.expected_version}`)
        return appended
      } catch (error) {
        throw await meaning(error, pool, row)
      }
    },
    taken: (delivery) => taken(pool, delivery),
    now: async () => clock.now() ?? (await asked()),
  }
}

const NO_THREAD = '00000000-0000-0000-0000-000000000000'

/** A place in the log or a delivery that was gone, or data that Postgres refuses: the others of the batch are not to blame. */
const isOnesFault = (error: unknown): boolean => {
  const { code = '' } = (error ?? {}) as { code?: string }
  return code.startsWith(SQLSTATE.integrity) || code.startsWith(SQLSTATE.data) || code === SQLSTATE.deadlock
}

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

/** A delivery that was taken before goes before a lost place: its answer is known already. */
const meaning = async (error: unknown, pool: Pool, { thread_id, delivery }: Append): Promise<unknown> => {
  const constraint = violated(error)
  if (constraint === null && !(error instanceof Conflict)) return error
  const answer = delivery ? await taken(pool, delivery) : null
  if (answer) return new TakenBefore(answer)
  const lost = constraint === 'events_pkey' || constraint === 'threads_pkey'
  return lost ? new Conflict(`thread ${thread_id} has moved on`) : error
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
