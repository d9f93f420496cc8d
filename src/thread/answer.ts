import { mayReject, whyNotApprover } from './approver.ts'
import { refuseEnded } from './ask.ts'
import type { At } from './decide.ts'
import { edited } from './edit.ts'
import type { Actor, NewEvent } from './event.ts'
import { FATES } from './fates.ts'
import { refuseStale } from './fresh.ts'
import { glassBroken } from './glass.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import type { Closed } from './known.ts'
import { refuseOthers } from './link.ts'
import { approversOf } from './policy.ts'
import { answerOffer } from './release/merge.ts'
import type { Rules } from './rules.ts'
import type { ApprovalRequest, In, Question, ThreadState } from './state.ts'
import { reached } from './time.ts'

type Answer = At<Extract<Request, { type: 'respond' }>>

/** A person's answer to what the thread asked at `input.to`. */
export const answer = (input: Answer, state: ThreadState, rules: Rules): NewEvent[] => {
  refuseClosed(state.closed[input.to])
  refuseEnded(state)
  refuseOthers(state, input.actor.kind === 'person' ? input.actor.id : null)
  if (state.release?.offer?.seq === input.to) return answerOffer(input)
  if (state.status === 'awaiting_approval' && state.request.seq === input.to) return answerApproval(input, state, rules)
  if (state.status === 'awaiting_human' && state.question.seq === input.to)
    return answerQuestion(input, state.question, rules)
  throw new Refused('nothing_asked', `nothing was asked at ${input.to}`)
}

const refuseClosed = (how: Closed | undefined): void => {
  switch (how) {
    case undefined:
      return
    case 'answered':
    case 'denied':
      throw new Refused('already_answered', `this was ${how} already`)
    case 'expired':
      throw new Refused('expired', 'this approval expired; nothing was run')
    case 'superseded':
      throw new Refused('superseded', 'this question no longer stands; look at the thread for what came since')
  }
}

const answerApproval = (input: Answer, state: In<'awaiting_approval'>, rules: Rules): NewEvent[] => {
  const { request } = state
  if (reached(input.at, request.expires_at))
    throw new Refused('expired', `this approval expired at ${request.expires_at}`)
  if (input.args) return edited({ ...input, args: input.args }, state, rules.policy)
  if (input.withdrawn) return withdraw(input, state)
  if (input.approved === undefined)
    throw new Refused('answer_mismatch', 'say approved: true or false, or send args to edit')
  if (input.approved) {
    refuseApprover(input.actor, state, rules)
    refuseStale(input, request)
    const comment = input.comment ?? input.response
    const broken = glassBroken(input.actor, comment, state)
    const said = comment === undefined ? {} : { comment }
    const { signed_in_at } = input
    // Why it counted is part of what is written down.
    const proof = request.fresh_sign_in_seconds && signed_in_at ? { signed_in_at } : {}
    const data = { to: request.seq, args_hash: request.args_hash, ...said, ...proof }
    return [...broken, { type: 'approval_given', data, actor: input.actor }]
  }
  refuseRejecter(input.actor, state)
  const comment = input.comment ?? input.response ?? ''
  return [{ type: 'approval_denied', data: { to: request.seq, comment }, actor: input.actor }]
}

/** Before the last yes a person may think again, and leave it to the others. */
const withdraw = ({ actor, comment }: Answer, { request, approvals }: In<'awaiting_approval'>): NewEvent[] => {
  const person = personOf(actor, request)
  if (!approvals.some(({ by }) => by === person)) {
    throw new Refused('not_approved_by_you', `${person} has not approved this`)
  }
  const data = { to: request.seq, ...(comment === undefined ? {} : { comment }) }
  return [{ type: 'approval_withdrawn', data, actor }]
}

const personOf = (actor: Actor, request: ApprovalRequest): string => {
  if (actor.kind === 'person') return actor.id
  throw new Refused('not_yours_to_answer', `only a person can answer; approvers are ${request.approvers.join(', ')}`)
}

const refuseApprover = (actor: Actor, state: In<'awaiting_approval'>, { policy }: Rules): void => {
  const why = whyNotApprover(personOf(actor, state.request), state, policy)
  if (why) throw why
}

const refuseRejecter = (actor: Actor, state: In<'awaiting_approval'>): void => {
  const person = personOf(actor, state.request)
  if (mayReject(person, state)) return
  throw new Refused(
    'not_yours_to_answer',
    `${person} may not answer this; approvers are ${state.request.approvers.join(', ')}`,
  )
}

const answerQuestion = (input: Answer, question: Question, { policy }: Rules): NewEvent[] => {
  if (input.args) throw new Refused('answer_mismatch', 'there are no arguments to edit in this question')
  if (question.run) refuseFate(input, question, approversOf(question.run.proposal.environment, policy))
  else refuseMismatch(input, question)
  const { to, response, choice, approved } = input
  const words = response ?? input.comment
  const data = {
    to,
    ...(words === undefined ? {} : { response: words }),
    ...(choice === undefined ? {} : { choice }),
    ...(approved === undefined ? {} : { approved }),
  }
  return [{ type: 'human_response', data, actor: input.actor }]
}

/** People may always say it in words; a button must be one that was offered. */
const refuseMismatch = ({ choice, approved, response, comment }: Answer, { options }: Question): void => {
  if (choice !== undefined && !options.choices.includes(choice)) {
    throw new Refused('unknown_choice', `choose one of: ${options.choices.join(' · ')}`)
  }
  if (approved !== undefined && options.format !== 'yes_no') {
    throw new Refused('answer_mismatch', 'this is no yes-or-no question; answer with response or choice')
  }
  const words = (response ?? comment ?? '').trim()
  if (choice === undefined && approved === undefined && words === '') {
    throw new Refused('answer_mismatch', 'the answer is empty')
  }
}

/** What became of a dispatch decides whether there may be another: only who may approve it may say, in no uncertain terms. */
const refuseFate = ({ choice, response, actor }: Answer, { options }: Question, approvers: string[]): void => {
  if (actor.kind !== 'person' || !approvers.includes(actor.id)) {
    throw new Refused('not_yours_to_answer', `only these may settle it: ${approvers.join(', ')}`)
  }
  if (choice === undefined || !options.choices.includes(choice)) {
    throw new Refused('unknown_choice', `choose one of: ${options.choices.join(' · ')}`)
  }
  if (choice === FATES.ran && !/^\d{1,15}$/.test(response ?? '')) {
    throw new Refused('answer_mismatch', 'it ran: say which run, response: "<run id>"')
  }
}
