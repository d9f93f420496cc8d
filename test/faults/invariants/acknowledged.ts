import type { Event } from '../../../src/thread/event.ts'
import type { Acknowledged, Snapshot, Violation } from '../invariants.ts'

/** I2: every acknowledged input is in the log, and was taken once however often it was sent. */
export const acknowledgedInputs = ({ logs, deliveries, acknowledged }: Snapshot): Violation[] => {
  const launches = new Map<string, number>()
  for (const events of logs.values()) {
    const mark = markOf(events)
    if (mark !== null) launches.set(mark, (launches.get(mark) ?? 0) + 1)
  }
  const count = (input: Acknowledged): number => {
    if (input.kind === 'delivered')
      return deliveries.filter((one) => one.source === input.source && one.id.startsWith(input.id)).length
    const events = logs.get(input.thread) ?? []
    if (input.kind === 'launched') return markOf(events) === input.mark ? (launches.get(input.mark) ?? 0) : 0
    return events.filter((event) => isOf(event, input)).length
  }
  return acknowledged.flatMap((input) => {
    const times = count(input)
    if (times === 1) return []
    const what = `${JSON.stringify(input)} was acknowledged and stands ${times} times in the log`
    return [{ invariant: 'I2', thread: input.thread, what }]
  })
}

/** What the campaign marked the launch of this thread with. */
const markOf = ([first]: readonly Event[]): string | null => {
  if (first?.type !== 'thread_launched') return null
  const { context } = first.data
  const marked = typeof context === 'object' && context !== null && 'mark' in context
  return marked ? String(context['mark']) : null
}

const isOf = (event: Event, input: Exclude<Acknowledged, { kind: 'launched' | 'delivered' }>): boolean => {
  switch (input.kind) {
    case 'said':
      return event.type === 'message' && event.data.message === input.message
    case 'approved':
      return event.type === 'approval_given' && event.data.to === input.to && isBy(event, input.by)
    case 'denied':
      return event.type === 'approval_denied' && event.data.to === input.to && isBy(event, input.by)
    case 'cancelled':
      return event.type === 'cancelled'
  }
}

const isBy = ({ actor }: Event, person: string): boolean => actor.kind === 'person' && actor.id === person
