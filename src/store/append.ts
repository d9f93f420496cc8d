import type { Pool } from 'pg'
import type { Append, Delivery, Written } from '../agent/ports.ts'
import { takesHold } from '../thread/index-row.ts'
import { PARTS, type Param, type Part, statementOf } from './append-parts.ts'

interface Said {
  now: string
  /** Threads whose row in the index was touched, and whether they are ours now. */
  threads?: Record<string, boolean> | null
}

/** One statement for all of them. Throws what Postgres says: then nothing of any of them was written. */
export const appendAll = async (pool: Pool, owner: number, rows: Append[]): Promise<Written[]> => {
  const inOrder = rows.toSorted(by(({ thread_id }) => thread_id))
  const events = inOrder.flatMap((row) => row.events)
  const changes = inOrder.flatMap(changeOf)
  const deliveries = inOrder.flatMap(deliveryOf).sort(by(({ source, id }) => `${source} ${id}`))
  const deployments = inOrder.flatMap((row) => row.deployments ?? [])
  const has: Partial<Record<Part, boolean>> = { delivered: deliveries.length > 0, deployed: deployments.length > 0 }
  const parts = PARTS.filter((part) => has[part] ?? changes.some((change) => change.part === part))
  const values: Record<Param, () => unknown> = {
    thread_ids: () => array(events.map(({ thread_id }) => thread_id)),
    seqs: () => array(events.map(({ seq }) => seq)),
    types: () => array(events.map(({ type }) => type)),
    times: () => array(events.map(({ at }) => at)),
    bases: () => array(inOrder.flatMap(basesOf)),
    data: () => JSON.stringify(events.map(({ data }) => data)),
    actors: () => JSON.stringify(events.map(({ actor }) => actor)),
    changes: () => JSON.stringify(changes),
    owner: () => owner,
    deliveries: () => JSON.stringify(deliveries),
    deployments: () => JSON.stringify(deployments),
  }
  const { name, text, params } = statementOf(parts)
  const { rows: answers } = await pool.query<Said>({ name, text, values: params.map((param) => values[param]()) })
  const { now = '', threads } = answers[0] ?? {}
  return rows.map(({ thread_id }) => ({
    now,
    known: threads?.[thread_id] !== undefined,
    mine: threads?.[thread_id] ?? false,
  }))
}

/** Every process locks rows in the same order, so that no two of them wait for each other. */
const by =
  <T>(key: (item: T) => string) =>
  (a: T, b: T): number =>
    key(a) < key(b) ? -1 : 1

/** Of ids, numbers, times and our own words, none of which needs quotes (quoting each of them took as long as all the rest). */
const array = (values: readonly (string | number)[]): string => `{${values.join(',')}}`

/** The first event of each append names the one that has to be there for it to follow on. */
const basesOf = ({ events, expected_version }: Append): (number | 'null')[] =>
  events.map((_, i) => (i === 0 && expected_version > 0 ? expected_version : 'null'))

const PART_OF = { take: 'taken', wake: 'taken', keep: 'kept', release: 'let_go', drop: 'let_go' } as const

const partOf = ({ expected_version, events, hold }: Append): Part =>
  expected_version === 0 && events.length > 0 ? 'born' : PART_OF[hold]

/** The index is touched only where something of it changes. */
const changeOf = (row: Append) => {
  const { thread_id, expected_version, events, index, hold, until } = row
  if (index === null && hold === 'keep') return []
  const version = expected_version + events.length
  const taking = events.some(takesHold)
  return [given({ id: thread_id, part: partOf(row), version, hold, until, indexed: index !== null, taking, ...index })]
}

/** Most of an index row is null, and Postgres takes what is not there for null. */
const given = (row: object) => Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

/** A delivery for a thread of which nothing was read is a hint: where nobody hears it, it is not taken. */
const deliveryOf = ({ thread_id, delivery, events, expected_version }: Append) => {
  if (!delivery) return []
  const { answer } = delivery
  return signsOf(delivery).map((sign) => ({ ...sign, answer, thread_id, hint: expected_version + events.length === 0 }))
}

/** Every sign that a delivery is known by. */
export const signsOf = ({ also, ...sign }: Delivery): Delivery[] => [sign, ...(also ? signsOf(also) : [])]
