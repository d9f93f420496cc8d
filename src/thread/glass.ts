import type { Actor, NewEvent } from './event.ts'
import { Refused } from './input.ts'
import type { In } from './state.ts'

/**
 * Where a step is blocked, a yes of a named person overrides that, aloud: it needs a reason and is an event of its own. Of several
 * approvals one must be theirs, so the last place is kept for them. Nothing to override: no events.
 */
export const glassBroken = (
  actor: Actor,
  comment: string | undefined,
  { request, approvals }: In<'awaiting_approval'>,
): NewEvent[] => {
  const { seq, blocked, break_glass = [], quorum } = request
  if (!blocked || actor.kind !== 'person') return []
  if (!break_glass.includes(actor.id)) {
    const overridden = approvals.some(({ by }) => break_glass.includes(by))
    if (overridden || approvals.length + 1 < quorum) return []
    throw new Refused('break_glass_needed', `this is blocked, and only ${break_glass.join(', ')} may override that`)
  }
  const reason = comment?.trim() ?? ''
  if (reason === '') throw new Refused('reason_needed', 'this overrides what blocks it: say why (comment)')
  return [{ type: 'glass_broken', data: { to: seq, by: actor.id, reason, blocked }, actor }]
}
