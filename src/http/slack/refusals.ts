import { type SlackLine, TakenBefore } from '../../agent/ports.ts'
import type { Actor } from '../../thread/event.ts'
import { type RefusalCode, Refused } from '../../thread/input.ts'
import { toProblem } from '../errors.ts'

/** A refusal of what a stranger wanted to decide: nothing about them is wrong but that nobody named them. */
export class Stranger extends Error {}

const POLITE: Partial<Record<RefusalCode, string>> = {
  already_answered: 'Somebody was faster: this is answered already, and your click changed nothing.',
  expired:
    'This approval has expired, so your click changed nothing and nothing was run. Ask for it again if it is still wanted.',
  superseded:
    'This question no longer stands, because something changed since; your click changed nothing. Look for the newer one.',
  nothing_asked: 'Nothing is asked here any more; your click changed nothing.',
  already_approved_by_you: 'Thank you, your approval is counted already. Somebody else must approve too.',
  not_approved_by_you: 'You have not approved this, so there is nothing of yours to take back.',
  self_approval: 'You asked for this yourself, so somebody else must approve it.',
  fresh_sign_in_needed:
    'Here a yes is given on the page, by whoever has just signed in there: open the thread. Your click changed nothing.',
  reason_needed: 'This overrides what blocks it, so it needs a reason: use the button that asks for one, or the page.',
  thread_ended: 'This thread has ended; your words changed nothing. Mention me to begin another.',
  is_a_lock: 'This thread is a lock: all that can be done with it is to unlock it.',
}

/** What whoever did it is told. What was taken before is no news to anybody. */
export const linesFor = (error: unknown): SlackLine[] => {
  if (error instanceof TakenBefore) return []
  if (error instanceof Stranger) return [{ words: error.message }]
  if (error instanceof Refused) return [{ words: POLITE[error.code] ?? `That is not possible: ${error.message}.` }]
  const { status, message } = toProblem(error)
  if (status < 500) return [{ words: `That is not possible: ${message}.` }]
  return [{ words: `This was NOT recorded, and nothing was changed: ${message}. Please do it again in a moment.` }]
}

/** A stranger is told how to become somebody. */
export const strangerRefused = (error: unknown, actor: Actor): unknown => {
  const refused = error instanceof Refused && error.code === 'not_yours_to_answer'
  if (!refused || actor.kind !== 'caller') return error
  return new Stranger(
    `I hear you, but you can decide nothing: deploybot.yaml names nobody with the Slack account ${actor.id}. ` +
      `If that is to change, a maintainer adds it there, under people (slack: ${actor.id}).`,
  )
}
