import canonicalize from 'canonicalize'
import { endOf } from '../../../src/thread/child.ts'
import type { Event, EventOf, Parent } from '../../../src/thread/event.ts'
import { evolve, fold } from '../../../src/thread/evolve.ts'
import { next } from '../../../src/thread/next.ts'
import type { ThreadState } from '../../../src/thread/state.ts'
import type { Snapshot, Violation } from '../invariants.ts'

type Logs = Snapshot['logs']

/** I7: parents and children tell one story: one child a step, its end as it was, and nothing begun by what was cancelled. */
export const families = ({ logs }: Snapshot): Violation[] => [
  ...twins(logs),
  ...[...logs].flatMap(([thread, events]) =>
    [...parentless(events, logs), ...launches(thread, events, logs), ...ends(events, logs), ...late(events, logs)].map(
      (what) => ({ invariant: 'I7', thread, what }) as const,
    ),
  ),
]

const parentOf = (events: readonly Event[] | undefined): Parent | undefined =>
  events?.[0]?.type === 'thread_launched' ? events[0].data.parent : undefined

const stepOf = ({ thread_id, seq }: Parent): string => `${thread_id} at ${seq}`

const twins = (logs: Logs): Violation[] => {
  const children = [...logs].flatMap(([id, events]) => {
    const parent = parentOf(events)
    return parent ? [{ id, parent }] : []
  })
  return [...Map.groupBy(children, ({ parent }) => stepOf(parent))].flatMap(([step, all]): Violation[] =>
    all.length < 2 ? [] : [{ invariant: 'I7', thread: all[0]?.id ?? '', what: `${step} has ${all.length} children` }],
  )
}

const parentless = (events: readonly Event[], logs: Logs): string[] => {
  const parent = parentOf(events)
  const step = parent && logs.get(parent.thread_id)?.find(({ seq }) => seq === parent.seq)
  return !parent || step?.type === 'delegate' ? [] : [`${stepOf(parent)} launched nothing`]
}

const launches = (thread: string, events: readonly Event[], logs: Logs): string[] => {
  const launched = events.filter((event) => event.type === 'child_launched')
  const strangers = launched.filter(({ data }) => {
    const parent = parentOf(logs.get(data.child_id))
    return parent?.thread_id !== thread || parent.seq !== data.to
  })
  const again = launched.filter(({ data }, i) => launched.findIndex((other) => other.data.to === data.to) < i)
  return [
    ...strangers.map(({ data }) => `${data.child_id} is no child of the step at ${data.to}`),
    ...again.map(({ data }) => `the step at ${data.to} launched again`),
  ]
}

/** What a parent was told of an end must be an end that the child came to, told once. */
const ends = (events: readonly Event[], logs: Logs): string[] => {
  const told = events.filter((event) => event.type === 'child_ended')
  const again = told.filter(({ data }, i) => told.findIndex((other) => other.data.to === data.to) < i)
  return [
    ...again.map(({ data }) => `the child of the step at ${data.to} ended again`),
    ...told.filter((event) => !came(event, logs)).map(({ data }) => `${data.child_id} never ended ${data.status}`),
  ]
}

const came = ({ data: { to: _, ...end } }: EventOf<'child_ended'>, logs: Logs): boolean => {
  let state: ThreadState | null = null
  for (const event of logs.get(end.child_id) ?? []) {
    state = evolve(state, event)
    const { seq: __, ...known } = endOf(state) ?? { seq: 0 }
    if (canonicalize(known) === canonicalize(end)) return true
  }
  return false
}

/** Cancelled, a thread starts nothing, nor do its children: those must have come to an end once it rests. */
const late = (events: readonly Event[], logs: Logs): string[] => {
  const cancelled = events.find(({ type }) => type === 'cancelled')
  if (!cancelled) return []
  const started = events.filter(({ seq, type }) => seq > cancelled.seq && BEGINS.has(type))
  const launched = events.filter((event) => event.type === 'child_launched')
  const open = launched.flatMap(({ data }) => outliving(events, data.child_id, logs))
  return [...started.map(({ seq, type }) => `${type} at ${seq}, after it was cancelled`), ...open]
}

const outliving = (events: readonly Event[], id: string, logs: Logs): string[] => {
  const parent = fold(events)
  if (!parent || next(parent).do !== 'rest') return []
  const child = fold(logs.get(id) ?? [])
  return child && ENDED.has(child.status) ? [] : [`${id} outlives it: ${child?.status}`]
}

const BEGINS = new Set<Event['type']>(['tool_started', 'delegate', 'approval_requested'])
const ENDED = new Set<ThreadState['status']>(['done', 'failed', 'cancelled'])
