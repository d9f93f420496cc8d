import { announce } from './deliveries.ts'
import { recordDeployment, recordOutcome } from './deployments.ts'
import { type RunFault, takeRunFault } from './faults.ts'
import { isGated, reportAtGate, waitAtGate } from './gates.ts'
import { commitBySha } from './graph.ts'
import type { CommitRecord, RunRecord } from './state.ts'
import { checkOut, checkRequest, claimJob, deploys, type WorkflowFile, workflowOf } from './workflows.ts'
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
  const fault = takeRunFault(world.faults, { ...inputs, workflow: workflow.file })
  const failing = failureOf(world, dispatch, fault)
  const conclusion = fault.conclusion ?? (failing ? 'failure' : 'success')
  const run: RunRecord = {
    id: 10_000_000_000 + world.state.next_id++,
    number: world.state.runs.filter((other) => other.workflow === workflow.file).length + 1,
    workflow: workflow.file,
    branch,
    sha: commit.sha,
    title: titleOf(workflow, inputs),
    inputs,
    status: 'queued',
    conclusion,
    failing,
    ...(fault.jobs ? { jobs: fault.jobs } : {}),
    ...(fault.log === undefined ? {} : { log: fault.log }),
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

const failureOf = (world: World, { workflow, inputs }: Dispatch, fault: RunFault) => {
  const last = deploys(workflow) ? 'Deploy' : (workflow.steps[1] ?? checkOut)
  if (fault.conclusion === 'cancelled' || fault.conclusion === 'success') return null
  const job = fault.job ?? fault.jobs?.at(-1) ?? workflow.job
  if (fault.conclusion || fault.step) return { job, step: fault.step ?? last }
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

const nextDue = (world: World): RunRecord | undefined => {
  let first: RunRecord | undefined
  for (const run of world.state.runs) {
    if (run.status === 'completed' || held(run)) continue
    if (!first || dueAt(run) < dueAt(first)) first = run
  }
  return first
}

const dueAt = (run: RunRecord): number => (run.status === 'queued' ? run.starts_at : run.completes_at)

/** For these the clock does nothing: they wait for an answer. */
const held = ({ status, conclusion, claim }: RunRecord): boolean =>
  conclusion !== 'cancelled' && (status === 'waiting' || (status === 'in_progress' && claim?.state === 'owed'))

const start = (world: World, run: RunRecord): void => {
  const workflow = workflowOf(run.workflow)
  if (world.state.claims && deploys(workflow)) askFirst(world, run, workflow)
  else goOn(world, run)
}

const askFirst = (world: World, run: RunRecord, workflow: WorkflowFile): void => {
  begin(world, run)
  run.claim = { state: 'owed', status: 0 }
  run.jobs = [claimJob, ...(run.jobs ?? [workflow.job]).filter((job) => job !== claimJob)]
  announce(world, { event: 'workflow_job', run: run.id, job: 'claim', action: 'in_progress' })
}

/** Past the fence: to the gate where there is one, else to work. */
export const goOn = (world: World, run: RunRecord): void =>
  isGated(world, run) ? waitAtGate(world, run) : work(world, run)

/** The job itself. What stood in its way has cost time, which is not taken from it. */
export const work = (world: World, run: RunRecord): void => {
  if (run.claim || run.gate) run.completes_at = world.now() + world.pace.running
  begin(world, run)
  announce(world, { event: 'workflow_job', run: run.id, action: 'in_progress' })
  reportAtGate(world, run, 'in_progress')
  const early = run.failing !== null && [checkRequest, checkOut].includes(run.failing.step)
  if (deploys(workflowOf(run.workflow)) && !early) recordDeployment(world, run)
}

/** A run begins once, whether in its first job or in its second. */
const begin = (world: World, run: RunRecord): void => {
  run.status = 'in_progress'
  if (!run.claim) announce(world, { event: 'workflow_run', run: run.id, action: 'in_progress' })
}

export const complete = (world: World, run: RunRecord): void => {
  run.status = 'completed'
  announce(world, { event: 'workflow_job', run: run.id, action: 'completed' })
  recordOutcome(world, run)
  reportAtGate(world, run, run.conclusion === 'success' ? 'success' : 'failure')
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
