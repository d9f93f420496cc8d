import type { Facts } from './facts/github.ts'
import type { Holder, Lock } from './facts/guard.ts'
import type { Approved, ThreadState } from './state.ts'
import { runOf } from './state.ts'

/** One service in one environment: where one deployment may be in flight. */
export interface Place {
  service: string
  environment: string
}

/** A lock, and the thread that holds it. */
export interface HeldLock extends Lock {
  thread_id: string
}

/** What stands in the way of a deployment: who deploys there now, and the locks over it. */
export interface Lane {
  holder: Holder | null
  locks: HeldLock[]
}

/** Nothing stands in the way. */
export const FREE: Lane = { holder: null, locks: [] }

/**
 * Whether this is a run of ours that waits at a gate: the thread that started it is in the lane with it, and was judged there. To take a
 * turn of its own would be to wait for itself.
 */
export const isOwnRun = ({ gate }: Pick<Facts, 'gate'>): boolean => gate !== undefined && gate.dispatched_by !== null

/** The name under which a place is held by one thread at a time. */
export const laneOf = ({ service, environment }: Place): string => `run:${service}/${environment}`

/** The place of a lane's name; null: it is another kind of name. No environment has a slash in its name. */
export const placeIn = (lane: string): Place | null => {
  const [, service, environment] = /^run:(.+)\/([^/]+)$/.exec(lane) ?? []
  return service !== undefined && environment !== undefined ? { service, environment } : null
}

/** What this thread alone may hold: its place, as long as a dispatch of it is in flight. */
export const holdOf = (state: ThreadState): string | null => {
  const run = runOf(state)
  return run && placeOf(run)
}

const placeOf = ({ proposal }: Approved): string | null => (isOwnRun(proposal) ? null : laneOf(proposal))

/** The lane whose turn this thread awaits. */
export const waitOf = (state: ThreadState): string | null =>
  state.status === 'sleeping' && state.turn ? laneOf(state.turn) : null

/** The lane that a thread holds or is about to take: when it wants it no more, somebody else may come. */
export const wantOf = (state: ThreadState): string | null => {
  const approved = approvedIn(state)
  return holdOf(state) ?? (approved && placeOf(approved))
}

/** The step that has its approvals and has not started. */
const approvedIn = (state: ThreadState): Approved | null => {
  const pending = state.status === 'running' ? state.pending : state.status === 'sleeping' ? state.resume : null
  return pending?.do === 'recheck' ? pending : null
}

/** What this thread locks, a place a word; null: nothing. */
export const locksOf = ({ locks }: ThreadState): string | null =>
  locks.length === 0 ? null : locks.map(({ service, environment }) => `${service ?? '*'}/${environment}`).join(' ')

/** Whether this lock stands over that place. */
export const covers = (lock: Lock, { service, environment }: Place): boolean =>
  lock.environment === environment && (lock.service === null || lock.service === service)
