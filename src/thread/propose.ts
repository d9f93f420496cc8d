import { boundBy } from './binding.ts'
import { authorsOf } from './contact/who.ts'
import type { At } from './decide.ts'
import { differences } from './differences.ts'
import { noteOpinion, opinionOf } from './doubt.ts'
import type { Actor, Block, Holder, NewEvent, Opinion, Proposal } from './event.ts'
import type { Outcome } from './input.ts'
import { judge } from './judge.ts'
import { FREE, isOwnRun } from './lane.ts'
import { environmentPolicy } from './policy.ts'
import type { Rules } from './rules.ts'
import type { Approved, ThreadState } from './state.ts'
import type { WriteStep } from './step.ts'
import { after, reached } from './time.ts'
import { awaitTurn, busy, refusesBusy } from './turn.ts'

type Prepared = At<Extract<Outcome, { type: 'prepared' }>>
const code: Actor = { kind: 'code' }

/** The facts of a write step are known: ask for approval, or, when it was approved on these very facts, start. */
export const prepared = (come: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  if (state.status !== 'running' || state.pending === null) return []
  const { pending } = state
  // Whoever started that run is in the lane with it, and was judged there.
  const input = isOwnRun(come.facts) ? { ...come, lane: FREE } : come
  if (pending.do === 'prepare' && pending.seq === input.to) {
    return propose(pending, input, state, rules)
  }
  if (pending.do === 'recheck' && pending.proposal.to === input.to) return recheck(pending, input, state, rules)
  return []
}

type Preparing = { step: WriteStep; edited?: true }

const propose = ({ step, edited }: Preparing, input: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  const { stop, blocked } = judge(step, input, rules)
  if (stop) return [noteOpinion(stop, input)]
  const { facts, to, lane } = input
  if (lane.holder && refusesBusy(facts.environment, rules.policy)) {
    return [noteOpinion(busy({ ...facts, to }, lane.holder), input)]
  }
  const proposal = proposalOf(step, input, rules, { blocked })
  const reason = waiverOf(proposal, rules)
  if (reason !== null && !edited) return waived({ ...proposal, reason }, lane.holder, state, rules)
  const more = { ...(lane.holder ? { busy: lane.holder } : {}), ...opinionOf(input) }
  // Where policy would ask nobody, whoever edited it may say yes as well as anybody.
  return [request(proposal, rules, reason === null ? more : { ...more, self_approval: true })]
}

/** Approved once, looked at again: what was shown must still be what would run. */
const recheck = (approved: Approved, input: Prepared, state: ThreadState, rules: Rules): NewEvent[] => {
  const shown = approved.proposal
  const { holder } = input.lane
  if (reached(input.at, shown.expires_at)) {
    return [{ type: 'approval_expired', data: { to: approved.asked }, actor: code }]
  }
  if (holder) return [awaitTurn(shown, holder, rules)]
  const { stop, blocked } = judge(approved.step, input, rules)
  if (stop) return [stop]
  // A block that has gone since is nothing new to whoever overrode it.
  const news = blocked.filter(({ message }) => !shown.blocked?.some((known) => known.message === message))
  const same = { expires: shown.expires_at, blocked: news.length > 0 ? blocked : (shown.blocked ?? []) }
  const now = proposalOf(approved.step, comparable(input, shown), rules, same)
  if (now.args_hash === shown.args_hash) return [start(shown, state, 0)]
  return renew(approved, { input, blocked, changed: differences(shown, now, news) }, state, rules)
}

/** A file of which nothing was said when it was shown cannot have changed since. */
const comparable = (input: Prepared, { workflow_sha }: Proposal): Prepared => {
  if (workflow_sha !== undefined) return input
  const { workflow_sha: _, ...facts } = input.facts
  return { ...input, facts }
}

interface Renewal {
  input: Prepared
  blocked: Block[]
  changed: string[]
}

/** Asked again, saying what changed. Where nobody had to be asked, nobody has to now. */
const renew = (
  approved: Approved,
  { input, blocked, changed }: Renewal,
  state: ThreadState,
  rules: Rules,
): NewEvent[] => {
  const renewed = proposalOf(approved.step, input, rules, { blocked })
  const data = { to: approved.asked, reason: 'drift', changed } as const
  const voided: NewEvent = { type: 'approval_superseded', data, actor: code }
  const reason = approved.approvals.length === 0 ? waiverOf(renewed, rules) : null
  return reason === null
    ? [voided, request(renewed, rules, { changed })]
    : [voided, ...waived({ ...renewed, reason }, null, state, rules, 1)]
}

/** Why nobody has to be asked; null: somebody has. */
const waiverOf = ({ intent, environment, blocked, gate }: Proposal, { policy }: Rules): string | null => {
  const own = gate?.dispatched_by
  if (own) return `thread ${own.thread_id} started this run, with the approvals it needed`
  if (intent === 'run_tests') return 'tests change nothing'
  const { approvals } = environmentPolicy(policy, environment)
  return approvals > 0 || blocked ? null : `policy: ${environment} needs no approval`
}

const waived = (
  { reason, ...proposal }: Proposal & { reason: string },
  holder: Holder | null,
  state: ThreadState,
  rules: Rules,
  before = 0,
): NewEvent[] => {
  const waiver: NewEvent = { type: 'approval_waived', data: { ...proposal, reason }, actor: code }
  return [waiver, holder ? awaitTurn(proposal, holder, rules) : start(proposal, state, before + 1)]
}

const proposalOf = (
  step: WriteStep,
  { to, facts, at }: Prepared,
  rules: Rules,
  { expires, blocked }: { expires?: string; blocked: Block[] },
): Proposal => {
  const { expires_after_seconds } = environmentPolicy(rules.policy, facts.environment)
  const proposal = {
    ...facts,
    to,
    intent: step.intent,
    policy_version: rules.policy.version,
    expires_at: expires ?? after(at, expires_after_seconds),
    ...(blocked.length > 0 ? { blocked } : {}),
  }
  return { ...proposal, args_hash: rules.hash(boundBy(proposal)) }
}

const request = (
  proposal: Proposal,
  { policy }: Rules,
  more: { changed?: string[]; busy?: Holder; self_approval?: true } & Opinion,
): NewEvent => {
  const {
    approvals,
    approvers,
    self_approval,
    author_approval = true,
    break_glass = [],
    fresh_sign_in_seconds,
  } = environmentPolicy(policy, proposal.environment)
  // Without approvals in the policy (it changed meanwhile) one person still decides: the old yes was about something else.
  const quorum = Math.max(1, approvals)
  const usual = approvers.length > 0 ? approvers : Object.keys(policy.people)
  const who = proposal.blocked
    ? { approvers: [...new Set([...usual, ...break_glass])], break_glass }
    : { approvers: usual }
  const authors = author_approval ? [] : authorsAmong(who.approvers, proposal, policy)
  const fresh = fresh_sign_in_seconds === undefined ? {} : { fresh_sign_in_seconds }
  const data = {
    ...{ ...proposal, quorum, ...who, self_approval, ...fresh },
    ...(authors.length > 0 ? { authors } : {}),
    ...more,
  }
  return { type: 'approval_requested', data, actor: code }
}

/** Approvers who wrote some of the commits that it ships. */
const authorsAmong = (approvers: string[], { commits }: Proposal, policy: Rules['policy']): string[] => {
  const authors = authorsOf(commits, policy)
  return approvers.filter((person) => authors.includes(person))
}

/** Intent before act: GitHub is called only after this is committed. The id is the place of this very event. */
const start = (proposal: Proposal, state: ThreadState, before: number): NewEvent => {
  const dispatch_id = `${state.id}-${state.version + before + 1}`
  return { type: 'tool_started', data: { to: proposal.to, dispatch_id, args_hash: proposal.args_hash }, actor: code }
}
