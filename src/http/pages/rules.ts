import type { EnvironmentPolicy } from '../../thread/policy.ts'
import { durationInWords } from '../../thread/time.ts'

/** Who decides about an environment, as sentences. */
export const rulesInWords = (rules: EnvironmentPolicy): string => {
  const { approvals, approvers, after, self_approval, author_approval, break_glass = [], busy } = rules
  const sentences = [
    approvals === 0
      ? 'Deployed without an approval.'
      : `Needs ${approvals === 1 ? 'one yes' : `${approvals} yeses`} of ${approvers.join(', ')}.`,
    ...(approvals > 0
      ? [self_approval ? 'Whoever asks may approve too.' : 'Nobody approves what they asked for.']
      : []),
    ...(author_approval === false ? ['Nobody approves what ships their own commits.'] : []),
    ...(after === null ? [] : [`The same commit must have succeeded on ${after} before.`]),
    ...(approvals > 0 ? [`A question expires after ${durationInWords(rules.expires_after_seconds)}.`] : []),
    ...(busy === 'refuse' ? [`While another thread deploys there it is refused.`] : []),
    ...(break_glass.length > 0
      ? [`${break_glass.join(', ')} may override a freeze or a missing stage, with a reason.`]
      : []),
    ...(rules.fresh_sign_in_seconds === undefined
      ? []
      : [`A yes is given on these pages, at most ${durationInWords(rules.fresh_sign_in_seconds)} after signing in.`]),
    ...(rules.email_code ? [`An approver may also say yes by a reply to the mail with the code in it.`] : []),
  ]
  return sentences.join(' ')
}
