import type { Pool } from 'pg'
import type { Append, Delivery, Written } from '../agent/ports.ts'
import { takesHold } from '../thread/index-row.ts'
import { PARTS, type Part, statementOf } from './append-parts.ts'

interface Said {
  now: string
  /** Threads whose events were written; null: all. */
  written: string[] | null
  /** Threads whose row in the index was touched, and whether they are ours now. */
  threads?: Record<string, boolean> | null
}

/** One statement for all of them. Throws what Postgres says: then nothing of any of them was written. */
export const appendAll = async (pool: Pool, owner: number, rows: Append[]): Promise<(Written & { gap: boolean })[]> => {
  const changes = rows.flatMap(changeOf)
  const deliveries = rows.flatMap(deliveryOf)
  const has: Partial<Record<Part, boolean>> = {
    delivered: deliveries.length > 0,
    deployed: rows.some(({ deployments = [] }) => deployments.length > 0),
  }
  const parts = PARTS.filter((part) => has[part] ?? changes.some((c) => c.part === part))
  const more = parts.length > 0 ? [JSON.stringify(changes), owner] : []
  const { rows: answers } = await pool.query<Said>({
    ...statementOf(parts),
    values: [
      JSON.stringify(rows.flatMap(eventsOf)),
      ...more,
      ...(deliveries.length > 0 ? [JSON.stringify(deliveries)] : []),
    ],
  })
  const { now = '', written = null, threads } = answers[0] ?? {}
  return rows.map(({ thread_id, events }) => ({
    now,
    gap: written !== null && events.length > 0 && !written.includes(thread_id),
    known: threads?.[thread_id] !== undefined,
    mine: threads?.[thread_id] ?? false,
  }))
}

/** The length of the log that these events follow on; 0: none has to be there. */
const baseOf = ({ expected_version, events }: Append): number => (events.length > 0 ? expected_version : 0)

const eventsOf = (row: Append) => {
  const base = baseOf(row)
  const { events, deployments = [] } = row
  if (deployments.length === 0) return events.map((event) => ({ ...event, base }))
  return events.map((event) => ({ ...event, base, deployment: deployments.find(({ seq }) => seq === event.seq) }))
}

const PART_OF = { take: 'taken', wake: 'taken', keep: 'kept', release: 'let_go', drop: 'let_go' } as const

const partOf = ({ expected_version, events, hold }: Append): Part =>
  expected_version === 0 && events.length > 0 ? 'born' : PART_OF[hold]

/** The index is touched only where something of it changes. */
const changeOf = (row: Append) => {
  const { thread_id, expected_version, events, index, hold, until } = row
  if (index === null && hold === 'keep') return []
  const version = expected_version + events.length
  return [
    {
      id: thread_id,
      part: partOf(row),
      base: baseOf(row),
      version,
      hold,
      until,
      indexed: index !== null,
      taking: events.some(takesHold),
      ...index,
    },
  ]
}

/** A delivery without events is a hint: for a thread that is not there it is not taken. */
const deliveryOf = (row: Append) => {
  const { thread_id, delivery, events } = row
  if (!delivery) return []
  const { answer } = delivery
  return signsOf(delivery).map((sign) => ({ ...sign, answer, thread_id, base: baseOf(row), hint: events.length === 0 }))
}

/** Every sign that a delivery is known by. */
export const signsOf = ({ also, ...sign }: Delivery): Delivery[] => [sign, ...(also ? signsOf(also) : [])]
