import type { Event } from './event.ts'
import type { Closed, Known } from './known.ts'
import { openQuestion, type ThreadState } from './state.ts'

/** Which questions are no longer open after one more event, and how each ended. */
export const closing = (state: ThreadState, event: Event): Known['closed'] => {
  const how = ending(state, event)
  if (how === null) return state.closed
  if (event.type === 'restart_offered' && state.release?.offer)
    return { ...state.closed, [state.release.offer.seq]: how }
  const seq = 'to' in event.data && typeof event.data.to === 'number' ? event.data.to : openQuestion(state)
  return seq === null ? state.closed : { ...state.closed, [seq]: how }
}

/** How this event ends a question; null: it ends none. */
const ending = (state: ThreadState, event: Event): Closed | null => {
  switch (event.type) {
    case 'approval_given':
      return quorumReached(state) ? 'answered' : null
    case 'approval_denied':
      return 'denied'
    case 'approval_expired':
      return 'expired'
    case 'human_response':
      return 'answered'
    case 'restart_offered':
      return state.release?.offer ? 'superseded' : null
    case 'dispatch_claimed':
      // Its own run settled it before a person did.
      return state.status === 'awaiting_human' && state.question.run ? 'superseded' : null
    case 'message':
      // The fate of a dispatch stays open until somebody settles it.
      return state.status === 'awaiting_human' && state.question.run ? null : 'superseded'
    case 'approval_superseded':
    case 'cancelled':
    case 'forked':
      return 'superseded'
    default:
      return null
  }
}

const quorumReached = (state: ThreadState): boolean =>
  state.status === 'awaiting_approval' && state.approvals.length + 1 >= state.request.quorum
