import type { EventOf, GuardFact } from './event.ts'
import { isLock } from './lock.ts'
import { sleeping, Unreadable } from './situation.ts'
import type { Pending, Situation, ThreadState } from './state.ts'

type GuardEvent = EventOf<GuardFact['type']>

export const afterGuard = (state: ThreadState, event: GuardEvent): Situation => {
  switch (event.type) {
    case 'turn_awaited':
      return afterTurnAwaited(state, event)
    case 'glass_broken':
      return state
    case 'environment_locked': {
      const { until, reason } = event.data
      return isLock(state) && until !== null ? sleeping(event, until, reason, null) : state
    }
    case 'environment_unlocked':
      return isLock(state) ? { status: 'done', message: `unlocked: ${event.data.reason}`, seq: event.seq } : state
  }
}

/** The approvals wait with the step. */
const afterTurnAwaited = (state: ThreadState, event: EventOf<'turn_awaited'>): Situation => {
  const { service, environment, held_by, until } = event.data
  const reason = `thread ${held_by.thread_id} deploys ${service} to ${environment} now`
  const turn = { service, environment, held_by, since: event.at }
  return { ...sleeping(event, until, reason, approved(state)), turn }
}

const approved = (state: ThreadState): Pending => {
  const pending = state.status === 'running' ? state.pending : state.status === 'sleeping' ? state.resume : null
  if (pending?.do === 'recheck') return pending
  throw new Unreadable('a turn is awaited for a step that nobody approved')
}
