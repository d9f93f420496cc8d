import type { At } from './decide.ts'
import type { NewEvent } from './event.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import type { ThreadState } from './state.ts'
import { voidableApproval } from './state.ts'

type Asked<T extends Request['type']> = At<Extract<Request, { type: T }>>

const AGENTS = ['deploy']
const TITLE_LENGTH = 80

export const launch = ({ agent, message, context, reply_to, actor }: Asked<'launch'>): NewEvent[] => {
  if (!AGENTS.includes(agent)) throw new Refused('unknown_agent', `there is no agent ${agent}; there are: ${AGENTS}`)
  const more = { ...(context === undefined ? {} : { context }), ...(reply_to === undefined ? {} : { reply_to }) }
  return [
    { type: 'thread_launched', data: { agent, title: titleOf(message), ...more }, actor },
    { type: 'message', data: { message }, actor },
  ]
}

const titleOf = (message: string): string => {
  const line = message.trim().split('\n', 1)[0] ?? ''
  const letters = [...line]
  return letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH - 1).join('')}…` : line
}

/** Words come at any time. An approval that was asked for before them was asked about something else. */
export const message = ({ message, actor }: Asked<'message'>, state: ThreadState): NewEvent[] => {
  refuseEnded(state)
  const said: NewEvent = { type: 'message', data: { message }, actor }
  const to = voidableApproval(state)
  if (to === null) return [said]
  return [{ type: 'approval_superseded', data: { to, reason: 'message' }, actor }, said]
}

export const cancel = ({ reason, actor }: Asked<'cancel'>, state: ThreadState): NewEvent[] => {
  refuseEnded(state)
  if (state.status === 'done') throw new Refused('thread_ended', 'this thread is done already')
  return [{ type: 'cancelled', data: { reason: reason ?? '' }, actor }]
}

export const refuseEnded = (state: ThreadState): void => {
  if (state.status === 'cancelled' || state.status === 'failed') {
    throw new Refused('thread_ended', `this thread is ${state.status}; fork it or launch another`)
  }
}
