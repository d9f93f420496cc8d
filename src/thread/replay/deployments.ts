import type { Event, Proposal } from '../event.ts'
import { evolve, fold } from '../evolve.ts'
import { runOf, type ThreadState } from '../state.ts'
import type { WriteStep } from '../step.ts'

/** A step that was started: on which facts, with whose approvals, asked for by whom. */
export interface Deployment {
  thread_id: string
  seq: number
  at: string
  step: WriteStep
  proposal: Proposal
  approved_by: string[]
  requesters: string[]
}

/** Where a commit ended well. */
export interface Success {
  service: string
  environment: string
  sha: string
  at: string
}

/** What a thread has started, in order. A run that only waits at a gate, and tests, change nothing by themselves. */
export const deploymentsIn = (events: readonly Event[]): Deployment[] => {
  let state: ThreadState | null = null
  const started: Deployment[] = []
  for (const event of events) {
    state = state === null ? fold([event]) : evolve(state, event)
    if (event.type === 'tool_started' && state) started.push(...startedBy(event, state))
  }
  return started
}

const startedBy = ({ thread_id, seq, at }: Event, state: ThreadState): Deployment[] => {
  const run = runOf(state)
  if (!run || run.step.intent === 'run_tests' || run.step.intent === 'open_gate') return []
  const { step, proposal, approvals } = run
  const approved_by = approvals.map(({ by }) => by)
  return [{ thread_id, seq, at, step, proposal, approved_by, requesters: state.requesters }]
}

/** What ended well in a thread. */
export const successesIn = (events: readonly Event[]): Success[] =>
  events.flatMap((event) => {
    if (!('status' in event.data) || event.data.status !== 'success' || !('sha' in event.data)) return []
    const { service, environment, sha } = event.data
    return [{ service, environment, sha, at: event.at }]
  })
