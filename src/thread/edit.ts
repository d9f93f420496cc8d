import { mayEdit } from './approver.ts'
import type { Json, NewEvent } from './event.ts'
import { Refused, type Request } from './input.ts'
import type { Policy } from './policy.ts'
import type { In } from './state.ts'
import type { WriteStep } from './step.ts'
import { type Target, targetOf } from './target.ts'

type Args = Record<string, Json>
type Edit = Extract<Request, { type: 'respond' }> & { args: Args }

/**
 * Other arguments are another selection, by a person, under policy again; the old question is closed. It is no yes: nobody has seen yet
 * what they lead to, so whoever edited is asked about that like everybody else.
 */
export const edited = (input: Edit, state: In<'awaiting_approval'>, policy: Policy): NewEvent[] => {
  const { request } = state
  const { step, by } = editOf(input, state, policy)
  const comment = input.comment ?? input.response ?? ''
  const data = {
    to: request.seq,
    reason: 'edit',
    by,
    changed: changes(request.step, step),
    ...(comment.trim() === '' ? {} : { comment }),
  } as const
  return [
    { type: 'approval_superseded', data, actor: input.actor },
    { type: step.intent, data: step, actor: input.actor } as NewEvent,
  ]
}

/** What it would make of the step, and who would. Throws Refused where it may not be. */
export const editOf = (
  { args, actor, ...answer }: Edit,
  state: In<'awaiting_approval'>,
  policy: Policy,
): { step: WriteStep; target: Target; by: string } => {
  if (state.release) throw new Refused('bad_edit', 'a release deploys what was merged, as it is')
  if (state.gate) throw new Refused('bad_edit', 'a run goes on as it is, or not at all')
  if (answer.approved !== undefined || answer.withdrawn || answer.choice !== undefined) {
    throw new Refused(
      'answer_mismatch',
      'an edit is no answer: send args alone, and you are asked about what they make',
    )
  }
  const { request } = state
  if (actor.kind !== 'person' || !mayEdit(actor.id, state)) {
    throw new Refused('not_yours_to_answer', `only approvers edit what is proposed: ${request.approvers.join(', ')}`)
  }
  const step = withArgs(request.step, args)
  const target = targetOf(step, policy)
  if ('unknown' in target) throw new Refused('bad_edit', target.unknown)
  return { step, target, by: actor.id }
}

// What no name that Git, or deploybot.yaml, knows has in it.
const NO_NAME = /[\s\p{C}~^:?*[\\]|\.\./u
const LONGEST = 250

const withArgs = (step: WriteStep, args: Args): WriteStep => {
  const { intent, ...editable } = step
  for (const [name, value] of Object.entries(args)) {
    if (!Object.hasOwn(editable, name)) {
      throw new Refused('bad_edit', `${intent} has no argument ${name}; it has: ${Object.keys(editable).join(', ')}`)
    }
    if (typeof value !== 'string' || value === '') throw new Refused('bad_edit', `${name} must be a text`)
    if (value.length > LONGEST || NO_NAME.test(value)) throw new Refused('bad_edit', `${name} is no name of anything`)
  }
  const changed = { ...step, ...args } as WriteStep
  if (changes(step, changed).length === 0) throw new Refused('bad_edit', 'nothing would change')
  return changed
}

/** In words, for the model and for people. */
const changes = (before: WriteStep, after: WriteStep): string[] => {
  const now = new Map<string, unknown>(Object.entries(after))
  return Object.entries(before)
    .filter(([name, value]) => now.get(name) !== value)
    .map(([name, value]) => `${name}: ${value} → ${now.get(name)}`)
}
