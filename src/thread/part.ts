import { mayEdit, mayReject, whyNotApprover } from './approver.ts'
import { isPerson } from './contact/who.ts'
import { approversOf, type Policy } from './policy.ts'
import type { ThreadState } from './state.ts'

/** What somebody can do about the question that a thread asks now. `asked_of`: it is theirs to answer, and so waits for them. */
export interface Part {
  asked_of: boolean
  approve: boolean
  reject: boolean
  /** An approval of theirs that they may take back. */
  withdraw: boolean
  /** They may correct what is proposed. */
  edit: boolean
  /** Why they cannot say yes, in words; null: they can, or no yes is asked. */
  why_not: string | null
}

const NOTHING: Part = { asked_of: false, approve: false, reject: false, withdraw: false, edit: false, why_not: null }

/** `named`: people who were told of this question by name. The server decides again when an answer comes: a page only shows. */
export const partOf = (
  person: string | null,
  state: ThreadState,
  { policy, named = [] }: { policy: Policy; named?: readonly string[] },
): Part => {
  if (person === null) return NOTHING
  switch (state.status) {
    case 'awaiting_approval': {
      const why = whyNotApprover(person, state, policy)
      const withdraw = state.approvals.some(({ by }) => by === person)
      return {
        asked_of: why === null,
        approve: why === null,
        reject: mayReject(person, state),
        withdraw,
        edit: mayEdit(person, state),
        why_not: why?.message ?? null,
      }
    }
    case 'awaiting_human': {
      if (state.link) return { ...NOTHING, asked_of: state.link.person === person }
      const { run } = state.question
      if (run) return { ...NOTHING, asked_of: approversOf(run.proposal.environment, policy).includes(person) }
      const { requesters } = state
      return {
        ...NOTHING,
        asked_of:
          requesters.length === 0 ||
          named.includes(person) ||
          requesters.some((asker) => isPerson(asker, person, policy)),
      }
    }
    case 'running':
    case 'awaiting_run':
    case 'awaiting_thread':
    case 'sleeping':
    case 'done':
    case 'failed':
    case 'cancelled':
      return NOTHING
  }
}
