import { authorsOf } from '../contact/who.ts'
import type { Facts } from '../event.ts'
import { judge } from '../judge.ts'
import { FREE } from '../lane.ts'
import { environmentPolicy, type Policy } from '../policy.ts'
import { targetOf } from '../target.ts'
import type { Deployment, Success } from './deployments.ts'

/**
 * Why this policy would have kept back what was started then, on the facts that were recorded; empty: it would not have. Locks and turns
 * are left out: they are other threads' doing, and no rule's.
 */
export const verdictOn = (past: Deployment, policy: Policy, before: readonly Success[]): string[] => {
  const { step, proposal, at } = past
  const target = targetOf(step, policy)
  if ('unknown' in target) return [target.unknown]
  const facts = { ...proposal, stage: stageOf(past, target.after, before) }
  const input = { type: 'prepared', to: proposal.to, facts, lane: FREE, at } as const
  const rules = { policy, limits: NO_LIMITS, ways: [], hash: () => '' }
  const { stop, blocked } = judge(step, input, rules)
  if (stop) return [stop.type === 'error' ? stop.data.message : stop.type]
  const { break_glass = [] } = environmentPolicy(policy, proposal.environment)
  const overridden = past.approved_by.some((person) => break_glass.includes(person))
  return [...(overridden ? [] : blocked.map(({ message }) => message)), ...lacking(past, policy)]
}

const NO_LIMITS = { model_calls: 0, dispatches: 0, errors_in_a_row: 0, outage_seconds: 0, escalations: 0 }

/** The stage that this policy asks for: as it was read then where it is the same one, else as the threads tell. */
const stageOf = ({ proposal, at }: Deployment, after: string | null, before: readonly Success[]): Facts['stage'] => {
  if (after === null) return null
  if (proposal.stage?.environment === after) return proposal.stage
  const { service, sha } = proposal
  const succeeded = before.some(
    (one) => one.service === service && one.environment === after && one.sha === sha && one.at < at,
  )
  return { environment: after, succeeded }
}

/** Approvals that this policy asks for, and that were not given. */
const lacking = (past: Deployment, policy: Policy): string[] => {
  const {
    approvals,
    approvers,
    self_approval,
    author_approval = true,
    break_glass = [],
  } = environmentPolicy(policy, past.proposal.environment)
  const authors = authorsOf(past.proposal.commits, policy)
  const counts = (person: string): boolean =>
    (approvers.length === 0 || approvers.includes(person) || break_glass.includes(person)) &&
    (self_approval || !past.requesters.includes(person)) &&
    (author_approval || !authors.includes(person))
  const valid = past.approved_by.filter(counts)
  if (valid.length >= approvals) return []
  const who = past.approved_by.length === 0 ? 'nobody' : past.approved_by.join(', ')
  return [
    `needs ${approvals} approval${approvals === 1 ? '' : 's'}, and of those given (${who}) ${valid.length} would count`,
  ]
}
