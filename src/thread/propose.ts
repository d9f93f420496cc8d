import type { At } from './decide.ts'
import type { Actor, Facts, NewEvent, Proposal } from './event.ts'
import type { Outcome } from './input.ts'
import { boundBy, environmentPolicy, forbidden } from './policy.ts'
import type { Rules } from './rules.ts'
import type { Approved, ThreadState } from './state.ts'
import type { WriteStep } from './step.ts'
import { after, reached } from './time.ts'

type Prepared = At<Extract<Outcome, { type: 'prepared' }>>
const code: Actor = { kind: 'code' }

/** The facts of a write step are known: ask for approval, or, when it was approved on these very facts, start. */
export const prepared = (input: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  if (state.status !== 'running' || state.pending === null) return []
  const { pending } = state
  if (pending.do === 'prepare' && pending.seq === input.to) {
    return propose(pending.step, input, state, rules)
  }
  if (pending.do === 'recheck' && pending.proposal.to === input.to) return recheck(pending, input, state, rules)
  return []
}

const propose = (step: WriteStep, input: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  const stop = refusal(input)
  if (stop) return [stop]
  const proposal = proposalOf(step, input, rules, null)
  const reason = noApprovalNeeded(proposal, rules)
  if (reason === null) return [request(proposal, rules)]
  const waiver: NewEvent = { type: 'approval_waived', data: { ...proposal, reason }, actor: code }
  return [waiver, start(proposal, state, 1)]
}

const noApprovalNeeded = ({ intent, environment }: Proposal, { policy }: Rules): string | null => {
  if (intent === 'run_tests') return 'tests change nothing'
  const { approvals } = environmentPolicy(policy, environment)
  return approvals > 0 ? null : `policy: ${environment} needs no approval`
}

/** Approved once, looked at again: what was shown must still be what would run. */
const recheck = (approved: Approved, input: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  const shown = approved.proposal
  if (reached(input.at, shown.expires_at)) {
    return [{ type: 'approval_expired', data: { to: approved.asked }, actor: code }]
  }
  const stop = refusal(input)
  if (stop) return [stop]
  const now = proposalOf(approved.step, input, rules, shown.expires_at)
  if (now.args_hash === shown.args_hash) return [start(shown, state, 0)]
  const changed = differences(shown, now)
  const renewed = proposalOf(approved.step, input, rules, null)
  const voided: NewEvent = {
    type: 'approval_superseded',
    data: { to: approved.asked, reason: 'drift', changed },
    actor: code,
  }
  return [voided, request(renewed, rules, changed)]
}

const refusal = ({ to, facts }: Prepared): NewEvent | null => {
  const why = forbidden(facts)
  return why && { type: 'error', data: { ...why, to }, actor: code }
}

const proposalOf = (step: WriteStep, { to, facts, at }: Prepared, rules: Rules, expires: string | null): Proposal => {
  const { expires_after_seconds } = environmentPolicy(rules.policy, facts.environment)
  const proposal = {
    ...facts,
    to,
    intent: step.intent,
    policy_version: rules.policy.version,
    expires_at: expires ?? after(at, expires_after_seconds),
  }
  return { ...proposal, args_hash: rules.hash(boundBy(proposal)) }
}

const request = (proposal: Proposal, { policy }: Rules, changed?: string[]): NewEvent => {
  const { approvals, approvers, self_approval } = environmentPolicy(policy, proposal.environment)
  // Without approvals in the policy (it changed meanwhile) one person still decides: the old yes was about something else.
  const quorum = Math.max(1, approvals)
  const who = approvers.length > 0 ? approvers : Object.keys(policy.people)
  const data = { ...proposal, quorum, approvers: who, self_approval, ...(changed ? { changed } : {}) }
  return { type: 'approval_requested', data, actor: code }
}

/** Intent before act: GitHub is called only after this is committed. The id is the place of this very event. */
const start = (proposal: Proposal, state: ThreadState, before: number): NewEvent => {
  const dispatch_id = `${state.id}-${state.version + before + 1}`
  return { type: 'tool_started', data: { to: proposal.to, dispatch_id, args_hash: proposal.args_hash }, actor: code }
}

/** What changed since it was shown, in words for the person who is asked again. */
const differences = (shown: Facts & { policy_version: string }, now: Facts & { policy_version: string }): string[] => {
  const lines = [
    shown.sha === now.sha ? null : `${now.tag} now points at ${short(now.sha)}; it was ${short(shown.sha)}`,
    shown.live?.sha === now.live?.sha
      ? null
      : `${now.environment} now runs ${live(now)}; it ran ${live(shown)} when this was approved`,
    shown.workflow === now.workflow ? null : `the workflow is now ${now.workflow}; it was ${shown.workflow}`,
    shown.ref === now.ref ? null : `the workflow runs from ${now.ref}; it was ${shown.ref}`,
    shown.repository === now.repository ? null : `the repository is now ${now.repository}`,
    shown.policy_version === now.policy_version ? null : 'the deployment policy was changed',
  ]
  return lines.filter((line) => line !== null)
}

const short = (sha: string): string => sha.slice(0, 7)
const live = (facts: Facts): string => (facts.live ? `${facts.live.tag ?? short(facts.live.sha)}` : 'nothing')
