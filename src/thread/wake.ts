import { climb } from './contact/name.ts'
import type { Actor, NewEvent } from './event.ts'
import { expire, isLock } from './lock.ts'
import type { Rules } from './rules.ts'
import type { ThreadState } from './state.ts'
import { reached } from './time.ts'

const code: Actor = { kind: 'code' }

/** Time has passed: an approval expired, a sleep is over, or the next one is to be asked. Too early changes nothing. */
export const timer = (at: string, state: ThreadState, rules: Rules): NewEvent[] => {
  if (state.status === 'awaiting_approval' && reached(at, state.request.expires_at)) {
    return [{ type: 'approval_expired', data: { to: state.request.seq }, actor: code }]
  }
  if (state.status === 'sleeping' && reached(at, state.until)) {
    if (isLock(state)) return expire(state)
    return [{ type: 'slept', data: { until: state.until }, actor: code }]
  }
  return climb(at, state, rules)
}
