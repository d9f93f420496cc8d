import type { Actor, Json, NewEvent } from './event.ts'
import { Refused } from './input.ts'
import { type Policy, targetOf } from './policy.ts'
import type { ApprovalRequest } from './state.ts'
import type { WriteStep } from './step.ts'

/** Other arguments are another selection, by a person, under policy again; the old question is closed. */
export const edited = (
  args: Record<string, Json>,
  actor: Actor,
  request: ApprovalRequest,
  policy: Policy,
): NewEvent[] => {
  if (actor.kind !== 'person') throw new Refused('not_yours_to_answer', 'only a person can edit what is proposed')
  const step = withArgs(request.step, args)
  const target = targetOf(step, policy)
  if ('unknown' in target) throw new Refused('bad_edit', target.unknown)
  return [
    { type: 'approval_superseded', data: { to: request.seq, reason: 'edit' }, actor },
    { type: step.intent, data: step, actor } as NewEvent,
  ]
}

const withArgs = (step: WriteStep, args: Record<string, Json>): WriteStep => {
  const { intent, ...editable } = step
  for (const [name, value] of Object.entries(args)) {
    if (!Object.hasOwn(editable, name)) {
      throw new Refused('bad_edit', `${intent} has no argument ${name}; it has: ${Object.keys(editable).join(', ')}`)
    }
    if (typeof value !== 'string' || value.trim() === '') throw new Refused('bad_edit', `${name} must be a text`)
  }
  const changed = { ...step, ...args } as WriteStep
  if (JSON.stringify(changed) === JSON.stringify(step)) throw new Refused('bad_edit', 'nothing would change')
  return changed
}
