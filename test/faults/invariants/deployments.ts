import { deploymentsIn } from '../../../src/thread/deployments.ts'
import type { Event } from '../../../src/thread/event.ts'
import type { Snapshot, Violation } from '../invariants.ts'

/** I5, of the other index: each deployment that ended in a log has its row, and no row is of another. */
export const deploymentsAgree = ({ logs, deployments }: Snapshot): Violation[] => {
  const wrong = (thread: string, what: string): Violation => ({ invariant: 'I5', thread, what })
  const ended = [...logs].flatMap(([thread, events]) => endedIn(events).map((seq) => ({ thread_id: thread, seq })))
  const missing = (all: Snapshot['deployments'], from: Snapshot['deployments']) =>
    all.filter((one) => !from.some(({ thread_id, seq }) => thread_id === one.thread_id && seq === one.seq))
  return [
    ...missing(ended, deployments).map(({ thread_id, seq }) => wrong(thread_id, `no row of what ended at ${seq}`)),
    ...missing(deployments, ended).map(({ thread_id, seq }) => wrong(thread_id, `a row of what did not end at ${seq}`)),
  ]
}

/** That a log cannot be read is told once, by its own row. */
const endedIn = (events: readonly Event[]): number[] => {
  try {
    return deploymentsIn(events).map(({ seq }) => seq)
  } catch {
    return []
  }
}
