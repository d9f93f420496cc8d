import { isPerson } from './contact/who.ts'
import { type RefusalCode, Refused } from './input.ts'
import type { Policy } from './policy.ts'
import type { In } from './state.ts'

/** Why this person's yes would not count for what is asked now; null: it would. */
export const whyNotApprover = (
  person: string,
  { request, approvals, requesters }: In<'awaiting_approval'>,
  policy: Policy,
): Refused | null => {
  if (!request.approvers.includes(person)) {
    return no('not_yours_to_answer', `${person} may not approve this; approvers are ${request.approvers.join(', ')}`)
  }
  if (!request.self_approval && requesters.some((asker) => isPerson(asker, person, policy))) {
    return no('self_approval', `${person} asked for this; somebody else must approve it`)
  }
  if (request.authors?.includes(person)) {
    return no('author_approval', `this ships commits of ${person}; somebody else must approve it`)
  }
  if (approvals.some(({ by }) => by === person)) {
    return no('already_approved_by_you', `${person} has approved; ${request.quorum} people are needed`)
  }
  return null
}

/** Whoever may approve may reject, and so may whoever asked for it. */
export const mayReject = (person: string, { request, requesters }: In<'awaiting_approval'>): boolean =>
  request.approvers.includes(person) || requesters.includes(person)

/** Whoever may approve may correct what is proposed; what was merged, and what waits at a gate, is as it is. */
export const mayEdit = (person: string, { request, release, gate }: In<'awaiting_approval'>): boolean =>
  request.approvers.includes(person) && !release && !gate

const no = (code: RefusalCode, message: string): Refused => new Refused(code, message)
