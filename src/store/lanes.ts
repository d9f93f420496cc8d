import type { Pool } from 'pg'
import type { Lanes, Log } from '../agent/ports.ts'
import { fold } from '../thread/evolve.ts'
import type { Holder } from '../thread/facts/guard.ts'
import { covers, type HeldLock, holdOf, type Lane, laneOf, type Place, placeIn } from '../thread/lane.ts'
import type { ThreadState } from '../thread/state.ts'
import { createBatch } from './batch.ts'

interface Look extends Place {
  thread_id: string
}
interface Found {
  holder: string | null
  title: string
  locking: string[] | null
}

const MOST_LOOKS = 64
const BATCHES_AT_ONCE = 2

/**
 * Lanes as the index has them: that finds threads, and their logs say what is true of them. Every proposal looks, twice, so what is asked
 * at the same time is asked together; nearly always nobody is found, and no log is read.
 */
export const createLanes = (pool: Pool, log: Pick<Log, 'load'>): Lanes => {
  const look = createBatch({
    together: (looks: Look[]) => findAll(pool, looks),
    alone: async (one: Look) => (await findAll(pool, [one]))[0] as Found,
    blames: () => false,
    key: ({ thread_id, service, environment }) => `${thread_id} ${service}/${environment}`,
    most: MOST_LOOKS,
    atOnce: BATCHES_AT_ONCE,
  })
  const wake = createBatch({
    together: (lanes: string[]) => wakeAll(pool, lanes),
    alone: async (lane: string) => (await wakeAll(pool, [lane]))[0] ?? null,
    blames: () => false,
    key: (lane) => lane,
    most: MOST_LOOKS,
    atOnce: 1,
  })
  return {
    look: async (place, threadId) => {
      const { holder, title, locking } = await look({ ...place, thread_id: threadId })
      const locks = locking ? await locksIn(log, locking) : []
      return {
        holder: holder === null ? null : await checked(pool, log, { thread_id: holder, title }, laneOf(place)),
        locks: locks.filter((lock) => covers(lock, place)),
      }
    },
    wake,
    busy: async () => {
      const text = 'select id as thread_id, title, holds from threads where holds is not null order by id limit 100'
      const { rows } = await pool.query<Holder & { holds: string }>({ name: 'busy', text })
      return rows.flatMap(withPlace)
    },
    running: async () => {
      const { rows } = await pool.query<Holder & { holds: string; since: string }>({ name: 'running', text: RUNNING })
      return rows.flatMap(withPlace)
    },
    locked: async () => {
      const { rows } = await pool.query<{ id: string }>('select id from threads where locks is not null order by id')
      const locks = await locksIn(
        log,
        rows.map(({ id }) => id),
      )
      return locks.sort((a, b) => a.since.localeCompare(b.since))
    },
  }
}

const withPlace = <Row extends { holds: string }>({ holds, ...row }: Row): (Place & Omit<Row, 'holds'>)[] => {
  const place = placeIn(holds)
  return place ? [{ ...place, ...row }] : []
}

/** Each holds its lane since its dispatch started, the latest of its log. */
const RUNNING = `
  select t.id as thread_id, t.title, t.holds, s.at as since
  from threads t cross join lateral (
    select at from events where thread_id = t.id and type = 'tool_started' order by seq desc limit 1) s
  where t.holds is not null order by t.id limit 100`

const findAll = async (pool: Pool, looks: Look[]): Promise<Found[]> => {
  const { rows } = await pool.query<Found>({
    name: 'look',
    text: `
      select h.id as holder, h.title, l.locking
      from unnest($1::text[], $2::uuid[]) with ordinality as a(lane, own, n)
      left join threads h on h.holds = a.lane and h.id <> a.own
      cross join (select array_agg(id) as locking from threads where locks is not null) l
      order by a.n`,
    values: [looks.map(laneOf), looks.map(({ thread_id }) => thread_id)],
  })
  return rows
}

/**
 * A thread that somebody works on will look by itself; a lane that is named twice wakes one. Rows are locked in the order in which
 * appends lock them.
 */
const wakeAll = async (pool: Pool, lanes: string[]): Promise<(string | null)[]> => {
  const { rows } = await pool.query<{ id: string; waits: string }>({
    name: 'wake_lane',
    text: `
      with turn as materialized (
        select w.id from unnest($1::text[]) as a(lane) cross join lateral (
          select id from threads where waits = a.lane and owner is null and quarantined_at is null order by id limit 1) w
        order by w.id)
      update threads t set wake_at = clock_timestamp() from turn where t.id = turn.id
      returning t.id, t.waits`,
    values: [lanes],
  })
  return lanes.map((lane) => rows.find(({ waits }) => waits === lane)?.id ?? null)
}

/**
 * Older code, which knows nothing of `holds`, may have ended the thread and left its row as it was (a rolling upgrade): where its log
 * says that it holds nothing, the row is put right, unless the log has grown since.
 */
const checked = async (pool: Pool, log: Pick<Log, 'load'>, holder: NonNullable<Lane['holder']>, lane: string) => {
  const state = await stateOf(log, holder.thread_id)
  if (state === null || holdOf(state) === lane) return holder
  await pool.query({
    name: 'unhold',
    text: `update threads t set holds = null where id = $1 and holds = $2
      and (select true from events n where n.thread_id = t.id and n.seq = $3 + 1) is null`,
    values: [holder.thread_id, lane, state.version],
  })
  return null
}

const locksIn = async (log: Pick<Log, 'load'>, ids: string[]): Promise<HeldLock[]> => {
  const states = await Promise.all(ids.map((id) => stateOf(log, id)))
  return states.flatMap((state) => state?.locks.map((lock) => ({ ...lock, thread_id: state.id })) ?? [])
}

const stateOf = async (log: Pick<Log, 'load'>, id: string): Promise<ThreadState | null> => {
  const { events } = await log.load(id)
  return fold(events)
}
