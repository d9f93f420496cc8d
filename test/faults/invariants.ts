import type { Event } from '../../src/thread/event.ts'
import type { IndexRow } from '../../src/thread/index-row.ts'
import { acknowledgedInputs } from './invariants/acknowledged.ts'
import { approvedDispatches } from './invariants/approvals.ts'
import { deploymentsAgree } from './invariants/deployments.ts'
import { singleDispatches } from './invariants/dispatches.ts'
import { families } from './invariants/families.ts'
import { indexAgrees } from './invariants/index-row.ts'
import { oneInALane } from './invariants/lanes.ts'

export const INVARIANTS = ['I1', 'I2', 'I3', 'I4', 'I5', 'I6', 'I7'] as const
export type Invariant = (typeof INVARIANTS)[number]
export interface Violation {
  invariant: Invariant
  thread: string
  what: string
}

/** What was answered with a 2xx, so that it must be in the log, once. */
export type Acknowledged = { thread: string } & (
  | { kind: 'launched'; mark: string }
  | { kind: 'said'; message: string }
  | { kind: 'approved' | 'denied'; to: number; by: string }
  | { kind: 'cancelled' }
  | { kind: 'delivered'; source: string; id: string }
)

/** The index row of a thread, as the database has it. */
export interface Row extends IndexRow {
  wake_at: string | null
  owned: boolean
}

/** A dispatch as it came to GitHub. `accepted`: GitHub said yes, whether or not that answer arrived. */
export interface Post {
  dispatch_id: string
  inputs: Record<string, string>
  accepted: boolean
  /** When it came by, in milliseconds: by the campaign's clock, as is everybody's on one machine. */
  at: number
}

/** Everything that is left of a run of the service, at one moment at which nothing moves. */
export interface Snapshot {
  logs: ReadonlyMap<string, readonly Event[]>
  rows: ReadonlyMap<string, Row>
  deliveries: readonly { source: string; id: string; thread_id: string | null }[]
  /** The rows of the index of deployments. */
  deployments: readonly { thread_id: string; seq: number }[]
  posts: readonly Post[]
  acknowledged: readonly Acknowledged[]
  now: string
}

/** Every way in which `snapshot` breaks a promise. `poisoned`: threads whose log we spoilt ourselves. */
export const violations = (snapshot: Snapshot, poisoned: readonly string[] = []): Violation[] =>
  [
    unbroken,
    acknowledgedInputs,
    singleDispatches,
    approvedDispatches,
    indexAgrees,
    deploymentsAgree,
    oneInALane,
    families,
  ]
    .flatMap((check) => check(snapshot))
    .filter(({ thread }) => !poisoned.includes(thread))

/** I1: seq per thread has no gap and no duplicate. */
const unbroken = ({ logs }: Snapshot): Violation[] =>
  [...logs].flatMap(([thread, events]) => {
    const seqs = events.map(({ seq }) => seq).sort((a, b) => a - b)
    const wrong = seqs.findIndex((seq, i) => seq !== i + 1)
    return wrong < 0
      ? []
      : [{ invariant: 'I1', thread, what: `seq ${seqs[wrong]} stands at place ${wrong + 1}` } as const]
  })
