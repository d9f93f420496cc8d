import type { MailCodes } from '../../agent/ports.ts'
import { whoIs } from '../../thread/contact/who.ts'
import type { Policy } from '../../thread/policy.ts'
import type { ByMail } from './compose.ts'

export interface CodeRules {
  codes: MailCodes
  policy: Pick<Policy, 'environments' | 'people'>
}

/**
 * The code by which whom this mail is for may approve in a reply: only where policy has codes for that environment, only in a mail to an
 * address that we know to be that of an approver, and not where more than a yes is needed.
 */
export const codeIn = (notice: ByMail, { codes, policy }: CodeRules, sent: string): string | null => {
  const { thread_id, question, address, story } = notice
  // Also where the address is that of a conversation, which may well be with an approver.
  const person = whoIs({ email: address.email.to }, policy)
  if (person === null || !question?.open || question.asked.kind !== 'approval') return null
  const { asked, seq } = question
  if (!policy.environments[asked.environment]?.email_code) return null
  const mayNot = !asked.self_approval && story.asked_by?.includes(person)
  if (!asked.approvers.includes(person) || asked.approved_by.includes(person) || mayNot) return null
  // To override something a reason is needed: that is written on the page.
  if ((asked.blocked ?? []).length > 0) return null
  return codes.mint({ thread_id, seq, person, args_hash: asked.args_hash }, sent)
}
