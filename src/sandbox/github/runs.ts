import { announce } from './deliveries.ts'
import { recordDeployment, recordOutcome } from './deployments.ts'
import { commitBySha } from './graph.ts'
import type { CommitRecord, RunRecord } from './state.ts'
import { checkOut, deploys, type WorkflowFile, workflowOf } from './workflows.ts'
import type { World } from './world.ts'

export interface Dispatch {
  workflow: WorkflowFile
  branch: string
  commit: CommitRecord
  inputs: Record<string, string>
}

/** A run from a dispatch: its whole course is laid down here, so that only the clock is needed from now on. */
export const startRun = (world: World, dispatch: Dispatch): RunRecord => {
  const { workflow, branch, commit, inputs } = dispatch
  const at = world.now()
  const fault = world.faults.runs.shift() ?? {}
  const failing = failureOf(world, dispatch, fault)
  const run: RunRecord = {
    id: 10_000_000_000 + world.state.next_id++,
    number: world.state.runs.filter((other) => other.workflow === workflow.file).length + 1,
    workflow: workflow.file,
    branch,
    sha: commit.sha,
    title: titleOf(workflow, inputs),
    inputs,
    status: 'queued',
    conclusion: failing ? (fault.conclusion ?? 'failure') : 'success',
    failing,
    created_at: at,
    starts_at: at + world.pace.queued,
    completes_at: at + world.pace.queued + world.pace.running,
    visible_at: at + (fault.hidden_ms ?? 0),
    deployment_id: null,
  }
  world.state.runs.push(run)
  announce(world, { event: 'workflow_run', run: run.id, action: 'requested' })
  announce(world, { event: 'workflow_job', run: run.id, action: 'queued' })
  return run
}

const failureOf = (world: World, { workflow, inputs }: Dispatch, fault: World['faults']['runs'][number]) => {
  const last = deploys(workflow) ? 'Deploy' : (workflow.steps[1] ?? checkOut)
  if (fault.conclusion || fault.step) return { job: fault.job ?? workflow.job, step: fault.step ?? last }
  // The example workflow checks out the approved commit and refuses anything that is not one.
  return commitBySha(world.state, inputs['sha'] ?? '') ? null : { job: workflow.job, step: checkOut }
}

const titleOf = (workflow: WorkflowFile, inputs: Record<string, string>): string => {
  const { service, tag, environment, dispatch_id } = inputs
  const what = deploys(workflow) ? `Deploy ${service} ${tag} to ${environment}` : `Test ${tag} on ${environment}`
  return `${what} ${dispatch_id}`
}

/** Brings every run to where the clock says it is, in the order in which things happened. True: something happened. */
export const advance = (world: World): boolean => {
  let moved = false
  for (let run = nextDue(world); run && dueAt(run) <= world.now(); run = nextDue(world)) {
    if (run.status === 'queued' && run.starts_at < run.completes_at) start(world, run)
    else complete(world, run)
    moved = true
  }
  return moved
}

/** When something will happen next, or undefined when all is done. */
export const nextDueAt = (world: World): number | undefined => {
  const run = nextDue(world)
  return run && dueAt(run)
}

const nextDue = (world: World): RunRecord | undefined =>
  world.state.runs
    .filter((run) => run.status !== 'completed')
    .reduce<RunRecord | undefined>((first, run) => (first && dueAt(first) <= dueAt(run) ? first : run), undefined)

const dueAt = (run: RunRecord): number => (run.status === 'queued' ? run.starts_at : run.completes_at)

const start = (world: World, run: RunRecord): void => {
  run.status = 'in_progress'
  announce(world, { event: 'workflow_run', run: run.id, action: 'in_progress' })
  announce(world, { event: 'workflow_job', run: run.id, action: 'in_progress' })
  if (deploys(workflowOf(run.workflow)) && run.failing?.step !== checkOut) recordDeployment(world, run)
}

const complete = (world: World, run: RunRecord): void => {
  run.status = 'completed'
  announce(world, { event: 'workflow_job', run: run.id, action: 'completed' })
  recordOutcome(world, run)
  announce(world, { event: 'workflow_run', run: run.id, action: 'completed' })
}

/** Stops a run soon, as GitHub does: it answers at once and the run ends a moment later. False: it had ended. */
export const cancelRun = (world: World, run: RunRecord): boolean => {
  if (run.status === 'completed') return false
  const at = Math.min(world.now() + Math.min(200, world.pace.running), run.completes_at)
  run.completes_at = at
  if (run.status === 'queued') run.starts_at = at
  run.conclusion = 'cancelled'
  run.failing = null
  return true
}
