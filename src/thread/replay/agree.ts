import { kindOf } from '../policy.ts'
import type { Step } from '../step.ts'
import type { Decision, Label } from './calls.ts'

/** Whether two decisions come to the same. What is only said may be said in other words. */
export const sameDecision = (a: Decision, b: Decision): boolean => {
  if ('code' in a || 'code' in b) return 'code' in a && 'code' in b && a.code === b.code
  return meaningOf(a.step) === meaningOf(b.step)
}

const meaningOf = (step: Step): string => {
  const { intent } = step
  if (kindOf(intent) === 'talk') return intent
  if (step.intent === 'wait') return `wait ${step.seconds}`
  const given = Object.entries(step).filter(([, value]) => value !== null && value !== undefined)
  return JSON.stringify(given.sort(([one], [other]) => (one < other ? -1 : 1)))
}

/**
 * Whether a decision is what people wanted: the step that they approved or edited it into, or anything but the one that they rejected,
 * which says less. `was`: what they were asked about.
 */
export const agreesWith = (label: Label, was: Decision, decision: Decision): boolean => {
  switch (label.people) {
    case 'approved':
      return sameDecision(was, decision)
    case 'rejected':
      return !sameDecision(was, decision)
    case 'edited':
      return sameDecision({ step: label.into as Step }, decision)
  }
}
