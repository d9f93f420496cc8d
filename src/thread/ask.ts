import { launchable, mayLaunch } from './agents.ts'
import type { At } from './decide.ts'
import type { NewEvent } from './event.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import { refuseLock } from './lock.ts'
import type { ThreadState } from './state.ts'
import { runOf, voidableApproval } from './state.ts'

type Asked<T extends Request['type']> = At<Extract<Request, { type: T }>>

const TITLE_LENGTH = 80

export const launch = (input: Asked<'launch'>): NewEvent[] => {
  const { agent, message, merged = [], gate, actor } = input
  const by = gate ? 'gates' : merged.length > 0 ? 'merges' : 'words'
  if (!mayLaunch(agent, by)) {
    throw new Refused('unknown_agent', `there is no agent ${agent} to launch; there are: ${launchable(by).join(', ')}`)
  }
  const launched: NewEvent = {
    type: 'thread_launched',
    data: { agent, title: titleOf(message), ...given(input) },
    actor,
  }
  if (gate) return [launched, { type: 'gate_requested', data: gate, actor: { kind: 'github' } }]
  if (by === 'words') return [launched, { type: 'message', data: { message }, actor }]
  return [launched, ...merged.map((data): NewEvent => ({ type: 'pull_request_merged', data, actor }))]
}

const given = ({ context, reply_to, parent }: Asked<'launch'>) => ({
  ...(context === undefined ? {} : { context }),
  ...(reply_to === undefined ? {} : { reply_to }),
  ...(parent === undefined ? {} : { parent }),
})

const titleOf = (message: string): string => {
  const line = message.trim().split('\n', 1)[0] ?? ''
  const letters = [...line]
  return letters.length > TITLE_LENGTH ? `${letters.slice(0, TITLE_LENGTH - 1).join('')}…` : line
}

/** Words come at any time. An approval that was asked for before them was asked about something else. */
export const message = ({ message, actor }: Asked<'message'>, state: ThreadState): NewEvent[] => {
  refuseLock(state)
  refuseEnded(state)
  if (state.link) throw new Refused('is_a_link', 'this thread asks one question: answer it, or cancel it')
  const said: NewEvent = { type: 'message', data: { message }, actor }
  const to = voidableApproval(state)
  if (to === null) return [said]
  return [{ type: 'approval_superseded', data: { to, reason: 'message' }, actor }, said]
}

export const cancel = ({ reason, gently, actor }: Asked<'cancel'>, state: ThreadState): NewEvent[] => {
  refuseLock(state)
  refuseEnded(state)
  if (gently && runOf(state)) throw new Refused('run_in_flight', 'a run of it is under way')
  // What was linked is taken back so.
  if (state.link?.linked) return [{ type: 'cancelled', data: { reason: reason ?? '' }, actor }]
  if (state.status === 'done') throw new Refused('thread_ended', 'this thread is done already')
  return [{ type: 'cancelled', data: { reason: reason ?? '' }, actor }]
}

export const refuseEnded = (state: ThreadState): void => {
  if (state.status === 'cancelled' || state.status === 'failed') {
    throw new Refused('thread_ended', `this thread is ${state.status}; fork it or launch another`)
  }
}
