import type { Event, EventOf, Proposal } from './event.ts'
import { doing, idle, Unreadable } from './situation.ts'
import type { ApprovalRequest, Situation, ThreadState } from './state.ts'
import type { WriteStep } from './step.ts'

export type ApprovalEvent = EventOf<
  | 'approval_requested'
  | 'approval_waived'
  | 'approval_given'
  | 'approval_withdrawn'
  | 'approval_denied'
  | 'approval_expired'
  | 'approval_superseded'
>

export const afterApproval = (state: ThreadState, event: ApprovalEvent): Situation => {
  switch (event.type) {
    case 'approval_requested': {
      const request = { ...event.data, seq: event.seq, step: preparedStep(state) }
      return { status: 'awaiting_approval', request, approvals: [] }
    }
    case 'approval_waived': {
      const { reason: _, ...proposal } = event.data
      return doing({ do: 'recheck', step: preparedStep(state), proposal, approvals: [], asked: event.seq })
    }
    case 'approval_given':
      return afterYes(state, event)
    case 'approval_withdrawn':
      return withoutYes(state, event)
    case 'approval_denied':
    case 'approval_expired':
      return idle
    case 'approval_superseded':
      // Drift after a yes asks again about the same step, in the same append.
      return event.data.reason === 'drift' && state.status !== 'awaiting_approval' ? state : idle
  }
}

const preparedStep = (state: ThreadState): WriteStep => {
  if (state.status === 'running' && (state.pending?.do === 'prepare' || state.pending?.do === 'recheck')) {
    return state.pending.step
  }
  throw new Unreadable('no step was selected that could be approved')
}

/** What was approved, without who was asked and what was said beside it. */
const proposalIn = ({
  step: _,
  seq: __,
  quorum: ___,
  approvers: ____,
  self_approval: _____,
  changed: ______,
  busy: _______,
  break_glass: ________,
  authors: _________,
  fresh_sign_in_seconds: __________,
  ...proposal
}: ApprovalRequest): Proposal => proposal

const withoutYes = (state: ThreadState, { actor }: Event): Situation => {
  if (state.status !== 'awaiting_approval' || actor.kind !== 'person') {
    throw new Unreadable('an approval was withdrawn that was not given')
  }
  return { ...state, approvals: state.approvals.filter(({ by }) => by !== actor.id) }
}

/** Each yes counts once; with the last one the step may start, after one more look at the facts. */
const afterYes = (state: ThreadState, event: EventOf<'approval_given'>): Situation => {
  if (state.status !== 'awaiting_approval' || event.actor.kind !== 'person') {
    throw new Unreadable('an approval that nothing asked for, or by nobody')
  }
  const approvals = [...state.approvals, { by: event.actor.id, at: event.at }]
  if (approvals.length < state.request.quorum) return { ...state, approvals }
  const { step, seq } = state.request
  return doing({ do: 'recheck', step, proposal: proposalIn(state.request), approvals, asked: seq })
}
