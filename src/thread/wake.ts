import type { Actor, NewEvent } from './event.ts'
import { expire, isLock } from './lock.ts'
import type { ThreadState } from './state.ts'
import { reached } from './time.ts'

const code: Actor = { kind: 'code' }

/** Time has passed: an approval expired, or a sleep is over. Too early changes nothing. */
export const timer = (at: string, state: ThreadState): NewEvent[] => {
  if (state.status === 'awaiting_approval' && reached(at, state.request.expires_at)) {
    return [{ type: 'approval_expired', data: { to: state.request.seq }, actor: code }]
  }
  if (state.status === 'sleeping' && reached(at, state.until)) {
    if (isLock(state)) return expire(state)
    return [{ type: 'slept', data: { until: state.until }, actor: code }]
  }
  return []
}
