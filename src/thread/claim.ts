import type { NewEvent, Proposal } from './event.ts'
import type { Request } from './input.ts'
import { Refused } from './input.ts'
import type { RunInFlight, ThreadState } from './state.ts'
import { runOf } from './state.ts'

type Claim = Extract<Request, { type: 'claim' }>

/**
 * A run says which dispatch it is, before it touches anything. GitHub may have made two runs of one POST, or a person a run by hand:
 * the first that comes is the one, and the others are refused. The same run may ask again, and hears the same.
 */
export const claim = (input: Claim, state: ThreadState): NewEvent[] => {
  const run = inFlight(input, state)
  if (!isApprovedWorkflow(input, run.proposal)) {
    throw new Refused('not_the_approved_workflow', `${input.workflow_ref} is not the workflow that was approved`)
  }
  if (input.attempt > 1) {
    throw new Refused('new_approval_needed', `attempt ${input.attempt} of run ${input.run_id} needs a new approval`)
  }
  if (run.run_id !== null && run.run_id !== input.run_id) {
    throw new Refused('claimed_by_another_run', `run ${run.run_id} is the one for ${run.dispatch_id}`)
  }
  if (run.claimed) return []
  const { dispatch_id, run_id, attempt, sha } = input
  return [{ type: 'dispatch_claimed', data: { dispatch_id, run_id, attempt, sha }, actor: input.actor }]
}

const inFlight = ({ dispatch_id }: Claim, state: ThreadState): RunInFlight => {
  const run = runOf(state)
  // A run that was let on at a gate was started by somebody else.
  if (run?.dispatch_id !== dispatch_id || run.proposal.gate) {
    throw new Refused('not_in_flight', `nothing is to run as ${dispatch_id}: it ended, or was never started`)
  }
  if (state.status === 'cancelled') throw new Refused('not_in_flight', `${dispatch_id} was cancelled`)
  return run
}

/** The very file of the very branch: a branch of its own could hold the same file with another content. */
const isApprovedWorkflow = ({ workflow_ref }: Claim, { repository, workflow, ref }: Proposal): boolean => {
  const file = `${repository}/.github/workflows/${workflow}`
  return [`refs/heads/${ref}`, `refs/tags/${ref}`].some((full) => sameWorkflow(workflow_ref, `${file}@${full}`))
}

/** GitHub knows owners and repositories in any case; paths and refs in theirs only. */
const sameWorkflow = (a: string, b: string): boolean => {
  const [head, tail] = [a.indexOf('/.github/'), b.indexOf('/.github/')]
  return a.slice(0, head).toLowerCase() === b.slice(0, tail).toLowerCase() && a.slice(head) === b.slice(tail)
}

/** What a run that claimed its dispatch may do, and nothing else. */
export interface Claimed {
  thread_id: string
  dispatch_id: string
  run_id: number
  service: string
  environment: string
  tag: string
  sha: string
  approved_by: string[]
}

/** What was approved, for the run that claimed it. Throws Refused where nothing is claimed. */
export const claimedOf = (state: ThreadState | null): Claimed => {
  const run = state && runOf(state)
  if (!state || !run?.claimed || run.run_id === null) throw new Refused('not_in_flight', 'nothing is claimed here')
  const { service, environment, tag, sha } = run.proposal
  const { dispatch_id, run_id, approvals } = run
  const approved_by = approvals.map(({ by }) => by)
  return { thread_id: state.id, dispatch_id, run_id, service, environment, tag, sha, approved_by }
}
