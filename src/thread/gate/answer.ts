import type { At } from '../decide.ts'
import type { Actor, DeployResult, NewEvent, Proposal } from '../event.ts'
import type { Outcome } from '../input.ts'
import { retryAt } from '../outage.ts'
import type { RunInFlight, ThreadState } from '../state.ts'
import { afterMs, reached } from '../time.ts'
import { type Gate, GONE, goneInWords } from './gate.ts'

const github: Actor = { kind: 'github' }
const code: Actor = { kind: 'code' }

/** A gate that is to be closed, whether its thread goes on or was cancelled: with what words, and because of what. */
export const closingOf = (state: ThreadState): { gate: Gate; comment: string; to: number } | null => {
  const { gate } = state
  if (!gate || gate.ended) return null
  const to = state.status === 'cancelled' ? state.seq : gate.closing
  return to === null ? null : { gate, comment: words(state.id, gate.refused ?? 'it was refused'), to }
}

/** What became of turning the run away. Saying so again is harmless, so what is unclear is said again. */
export const gateClosed = (
  { at, ...input }: At<Extract<Outcome, { type: 'gate_closed' }>>,
  state: ThreadState,
): NewEvent[] => {
  const { to, accepted, message, retry_after_ms } = input
  if (closingOf(state)?.to !== to) return []
  if (retry_after_ms !== undefined) {
    // A cancelled thread says it again soon, like a request to cancel a run.
    if (state.status !== 'running') return []
    const retry_at = retryAt(at, retry_after_ms, state)
    return [{ type: 'error', data: { code: 'gate_unanswered', message, to, retry_at }, actor: code }]
  }
  const why = input.code === undefined ? {} : { code: input.code }
  return [{ type: 'close_gate_result', data: { to, accepted, message, ...why }, actor: github }]
}

/** Nobody needs to answer any more: the question is closed, and the thread ends. */
export const gateGone = (state: ThreadState): NewEvent[] => {
  if (!state.gate || state.status !== 'awaiting_approval') return []
  const message = goneInWords(state.gate.request)
  const { seq: to } = state.request
  return [
    { type: 'approval_superseded', data: { to, reason: 'drift', changed: [message] }, actor: code },
    { type: 'error', data: { code: GONE, message }, actor: code },
  ]
}

/** What GitHub is told, and shows beside the run. */
export const commentOf = (threadId: string, { approvals, proposal }: RunInFlight): string => {
  const own = proposal.gate?.dispatched_by
  if (own) return words(threadId, `dispatch ${own.dispatch_id} of thread ${own.thread_id} has its approvals`)
  const people = approvals.map(({ by }) => by)
  return words(threadId, people.length === 0 ? 'policy asks nobody' : `approved by ${people.join(', ')}`)
}

const words = (threadId: string, text: string): string => `${text} (Deploybot thread ${threadId})`

/** A run of our own is followed by the thread that started it: all there is to do here is to let it on. */
export const passed = ({ proposal }: RunInFlight): NewEvent[] => {
  const { gate, service, environment, tag, sha } = proposal
  if (!gate?.dispatched_by) return []
  const { run_id, html_url } = gate
  const message = `run ${run_id} may go on to ${environment}: thread ${gate.dispatched_by.thread_id} started it`
  const data: DeployResult = { status: 'success', service, environment, tag, sha, run_id, html_url, message }
  return [{ type: 'open_gate_result', data, actor: code }]
}

// GitHub needs a moment to let a run on.
const SETTLES_MS = 5_000

/**
 * Nobody knows whether GitHub took our answer, and the run still stands there. Everything is looked at anew and said again under the same
 * approvals: a gate takes one answer, and refuses another in so many words.
 */
export const stillWaits = (run: RunInFlight, at: string, state: ThreadState): NewEvent[] => {
  if (!reached(at, afterMs(run.since, SETTLES_MS))) return []
  const data = {
    dispatch_id: run.dispatch_id,
    until: retryAt(at, 0, state),
    reason: 'the run still waits for an answer',
  }
  return [{ type: 'dispatch_deferred', data, actor: github }]
}

/** How a run that was let on ended. */
export const gateInWords = ({ workflow, environment, gate }: Proposal, conclusion: string | null): string =>
  `run ${gate?.run_id} of ${workflow} on ${environment} ${conclusion === 'success' ? 'passed' : `ended with ${conclusion ?? 'no conclusion'}`}`
