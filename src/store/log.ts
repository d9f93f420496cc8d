import type { Pool } from 'pg'
import {
  type Answer,
  type Append,
  Busy,
  Conflict,
  type Delivery,
  KeyReused,
  type Log,
  TakenBefore,
} from '../agent/ports.ts'
import { upcast } from '../thread/upcast.ts'
import { appendAll, signsOf } from './append.ts'
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
        return await append(row)
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

type Row = [number, string, unknown, unknown, string, number]

/** One row of arrays: a row and an object for each event took Postgres and us twice as long (1,000 events: 18 ms, now 7). */
const load = async (pool: Pool, threadId: string, after: number) => {
  const { rows } = await pool.query<{ now: string; log: Row[] | null }>({
    name: 'load',
    text: `
      select
        clock_timestamp() as now,
        (select json_agg(json_build_array(seq, type, data, actor,
            to_char(at at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), schema_version) order by seq)
          from events where thread_id = $1 and seq > $2) as log`,
    values: [threadId, after],
  })
  const { now = '', log } = rows[0] ?? {}
  const events = (log ?? []).map(([seq, type, data, actor, at, schema_version]) =>
    upcast({ thread_id: threadId, seq, type, data, actor, at, schema_version }),
  )
  return { events, now }
}

/** An event that has no place, as what it follows on is not there. */
const isGap = (error: unknown): boolean => {
  const { code, table, column } = (error ?? {}) as { code?: string; table?: string; column?: string }
  return code === SQLSTATE.notNullViolation && table === 'events' && column === 'seq'
}

/** A delivery that was taken before goes before a lost place: its answer is known already. */
const meaning = async (error: unknown, pool: Pool, { thread_id, delivery }: Append): Promise<unknown> => {
  if (isGap(error)) return new Conflict(`thread ${thread_id} is not as long as this process knew it`)
  const constraint = violated(error)
  if (constraint === null && !(error instanceof Conflict)) return error
  const answer = delivery ? await taken(pool, delivery) : null
  if (answer) return new TakenBefore(answer)
  if (constraint === 'threads_holds' || constraint === 'threads_sole')
    return new Busy(`thread ${thread_id} would hold what another holds`)
  const lost = constraint === 'events_pkey' || constraint === 'threads_pkey'
  return lost ? new Conflict(`thread ${thread_id} has moved on`) : error
}

/** By whichever of its signs. The one that is asked of first decides which answer it is, should they lead to two. */
const taken = async (pool: Pool, delivery: Delivery): Promise<Answer | null> => {
  for (const sign of signsOf(delivery)) {
    const answer = await takenBy(pool, sign)
    if (answer) return answer
  }
  return null
}

const takenBy = async (pool: Pool, { source, id, body_hash }: Delivery): Promise<Answer | null> => {
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
