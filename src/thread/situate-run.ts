import type { EventOf, QuestionOptions } from './event.ts'
import { FATES } from './fates.ts'
import { asking, doing, idle, sleeping, Unreadable } from './situation.ts'
import type { RunInFlight, Situation, ThreadState } from './state.ts'
import { runOf } from './state.ts'

export type RunEvent = EventOf<
  | 'tool_started'
  | 'dispatch_claimed'
  | 'dispatch_accepted'
  | 'dispatch_deferred'
  | 'dispatch_unclear'
  | 'dispatch_unknown'
  | 'run_reported'
  | 'run_cancel_requested'
>

export const afterRunEvent = (state: ThreadState, event: RunEvent): Situation => {
  switch (event.type) {
    case 'tool_started':
      return afterStart(state, event)
    case 'dispatch_accepted':
      return following(state, accepted(state, event))
    case 'dispatch_claimed':
      return afterClaim(state, event)
    case 'dispatch_deferred':
      return afterDeferral(state, event)
    case 'dispatch_unclear':
      return following(state, {})
    case 'dispatch_unknown':
      return afterLoss(state, event)
    case 'run_reported':
      return following(state, { run_id: event.data.run_id, html_url: event.data.html_url, report: event.data })
    case 'run_cancel_requested':
      return following(state, { cancel_requested: true })
  }
}

const afterStart = (state: ThreadState, event: EventOf<'tool_started'>): Situation => {
  if (state.status !== 'running' || state.pending?.do !== 'recheck') throw new Unreadable('started without approval')
  const { do: _, ...approved } = state.pending
  const run: RunInFlight = {
    ...approved,
    dispatch_id: event.data.dispatch_id,
    started: event.seq,
    since: event.at,
    run_id: null,
    html_url: null,
    report: null,
    claimed: false,
    cancel_requested: false,
  }
  return doing({ do: 'dispatch', run })
}

/** GitHub names a run. One that claimed the dispatch before stays the one, whichever GitHub names. */
const accepted = (state: ThreadState, { data }: EventOf<'dispatch_accepted'>): Partial<RunInFlight> => {
  const run = runOf(state)
  const { run_id, html_url } = data
  return run?.claimed && run.run_id !== run_id ? {} : { run_id, html_url }
}

/** A thread that still waits for GitHub's answer goes on waiting for it; one that asked a person has its answer. */
const afterClaim = (state: ThreadState, { data }: EventOf<'dispatch_claimed'>): Situation => {
  const claim = { run_id: data.run_id, claimed: true }
  if (state.status !== 'running' || state.pending?.do !== 'dispatch') return following(state, claim)
  return doing({ do: 'dispatch', run: { ...state.pending.run, ...claim } })
}

/** More is known of the run; a cancelled thread follows it too, and stays cancelled. */
const following = (state: ThreadState, more: Partial<RunInFlight>): Situation => {
  const run = runOf(state)
  if (!run) return state
  const known = { ...run, ...more }
  return state.status === 'cancelled' ? { ...state, run: known } : { status: 'awaiting_run', run: known }
}

/** GitHub said "later": nothing runs, and the approvals wait with the step. */
const afterDeferral = (state: ThreadState, event: EventOf<'dispatch_deferred'>): Situation => {
  if (state.status === 'cancelled') return { ...state, run: null }
  const run = runOf(state)
  if (!run) return state
  return sleeping(event, event.data.until, event.data.reason, approvedAgain(run))
}

const afterLoss = (state: ThreadState, event: EventOf<'dispatch_unknown'>): Situation => {
  if (state.status === 'cancelled') return { ...state, run: null }
  const { question, choices } = event.data
  const options: QuestionOptions = { urgency: 'high', format: 'multiple_choice', choices }
  return asking({ seq: event.seq, question, options, reason: 'dispatch_unknown', run: runOf(state) })
}

const approvedAgain = ({ step, proposal, approvals, asked }: RunInFlight) =>
  ({ do: 'recheck', step, proposal, approvals, asked }) as const

/** A person settled it: follow the run they name, dispatch again under the same approvals, or let the model hear. */
export const afterFate = (state: ThreadState, run: RunInFlight, { data }: EventOf<'human_response'>): Situation => {
  if (data.choice === FATES.ran) return following(state, { run_id: Number(data.response) })
  return data.choice === FATES.again ? doing(approvedAgain(run)) : idle
}
