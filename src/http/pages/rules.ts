import type { EnvironmentPolicy } from '../../thread/policy.ts'

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
    ...(rules.email_code ? [`An approver may also say yes by a reply to the mail with the code in it.`] : []),
  ]
  return sentences.join(' ')
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const

/** In the largest unit that fits it exactly: `1 hour`, `90 minutes`. */
export const durationInWords = (seconds: number): string => {
  const [size, unit] = UNITS.find(([one]) => seconds >= one && seconds % one === 0) ?? [1, 'second']
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
