import type { At } from './decide.ts'
import type { Actor, Holder, NewEvent, Proposal } from './event.ts'
import type { Outcome } from './input.ts'
import { environmentPolicy } from './policy.ts'
import type { Rules } from './rules.ts'
import type { Approved, In, ThreadState } from './state.ts'
import { reached } from './time.ts'

type LaneSeen = At<Extract<Outcome, { type: 'lane_seen' }>>
const code: Actor = { kind: 'code' }

/** Somebody deploys where this thread is about to, or (holder null) has come to an end there. */
export const laneSeen = (input: LaneSeen, state: ThreadState, rules: Rules): NewEvent[] => {
  if (state.status === 'running' && state.pending?.do === 'recheck') return beforeStart(input, state.pending, rules)
  if (state.status === 'sleeping' && state.turn) return whileWaiting(input, state)
  return []
}

const beforeStart = ({ to, at, holder }: LaneSeen, approved: Approved, rules: Rules): NewEvent[] => {
  if (approved.proposal.to !== to || holder === null) return []
  if (reached(at, approved.proposal.expires_at)) return [expired(approved)]
  return [awaitTurn(approved.proposal, holder, rules)]
}

const whileWaiting = ({ to, at, holder }: LaneSeen, { resume, turn, until }: In<'sleeping'>): NewEvent[] => {
  if (resume?.do !== 'recheck' || resume.proposal.to !== to) return []
  if (reached(at, until)) return [expired(resume)]
  if (holder === null) return [{ type: 'slept', data: { until: at }, actor: code }]
  // Behind somebody else now: whoever looks at the thread should see whom it waits for.
  return holder.thread_id === turn?.held_by.thread_id ? [] : [turnAwaited(resume.proposal, holder)]
}

const expired = ({ asked }: Approved): NewEvent => ({ type: 'approval_expired', data: { to: asked }, actor: code })

/** The approved step waits, until its approval expires; where policy does not let it wait, it is an error. */
export const awaitTurn = (proposal: Proposal, holder: Holder, { policy }: Rules): NewEvent =>
  refusesBusy(proposal.environment, policy) ? busy(proposal, holder) : turnAwaited(proposal, holder)

const turnAwaited = ({ to, service, environment, expires_at }: Proposal, held_by: Holder): NewEvent => ({
  type: 'turn_awaited',
  data: { to, service, environment, held_by, until: expires_at },
  actor: code,
})

export const refusesBusy = (environment: string, policy: Rules['policy']): boolean =>
  environmentPolicy(policy, environment).busy === 'refuse'

export const busy = (place: { to: number; service: string; environment: string }, holder: Holder): NewEvent => {
  const message = `thread ${holder.thread_id} (${holder.title}) deploys ${place.service} to ${place.environment} now`
  return { type: 'error', data: { code: 'environment_busy', message, to: place.to }, actor: code }
}
