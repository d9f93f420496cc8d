import type { Event } from '../../../src/thread/event.ts'
import { rowOf } from '../../../src/thread/index-row.ts'
import type { Row, Snapshot, Violation } from '../invariants.ts'

/** I5: the fold of the log equals the index row, and who has work to do will be woken for it. */
export const indexAgrees = ({ logs, rows, now }: Snapshot): Violation[] => {
  const wrong = (thread: string, what: string): Violation => ({ invariant: 'I5', thread, what })
  const strangers = [...rows.keys()].filter((id) => !logs.has(id)).map((id) => wrong(id, 'a row without a log'))
  const others = [...logs].flatMap(([thread, events]) => {
    const row = rows.get(thread)
    if (!row) return [wrong(thread, 'a log without a row')]
    return differences(events, row, now).map((what) => wrong(thread, what))
  })
  return [...strangers, ...others]
}

const differences = (events: readonly Event[], row: Row, now: string): string[] => {
  const folded = folding(events, now)
  if (folded instanceof Error) return [`the log cannot be read: ${folded.message}`]
  const { due, ...expected } = folded
  const unlike = Object.entries(expected).filter(([name, value]) => row[name as keyof Row] !== value)
  return [
    ...unlike.map(([name, value]) => `${name} is ${row[name as keyof Row]}, and folds to ${value}`),
    ...(due !== null && row.wake_at === null && !row.owned ? [`it is due at ${due}, and nothing wakes it`] : []),
  ]
}

const folding = (events: readonly Event[], now: string) => {
  try {
    return rowOf(events, now)
  } catch (error) {
    return error as Error
  }
}
