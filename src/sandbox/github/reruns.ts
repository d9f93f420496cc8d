import { announce } from './deliveries.ts'
import { takeRunFault } from './faults.ts'
import type { RunRecord } from './state.ts'
import { checkRequest, deploys, workflowOf } from './workflows.ts'
import type { World } from './world.ts'

/** "Re-run all jobs": the same run once more. The example workflow refuses that, as only one run was approved, unless a fault says how it ends. False: it is still on. */
export const rerun = (world: World, run: RunRecord): boolean => {
  if (run.status !== 'completed') return false
  const at = world.now()
  const { earlier = [], ...ended } = run
  const attempt = run.attempt ?? 1
  delete run.claim
  delete run.gate
  Object.assign(run, {
    ...outcome(world, run),
    earlier: [...earlier, { ...ended, attempt }],
    attempt: attempt + 1,
    status: 'queued',
    queued_at: at,
    starts_at: at + world.pace.queued,
    completes_at: at + world.pace.queued + world.pace.running,
    deployment_id: null,
  } satisfies Partial<RunRecord>)
  announce(world, { event: 'workflow_run', run: run.id, action: 'requested' })
  announce(world, { event: 'workflow_job', run: run.id, action: 'queued' })
  return true
}

const outcome = (world: World, run: RunRecord): Pick<RunRecord, 'conclusion' | 'failing'> => {
  const workflow = workflowOf(run.workflow)
  const { conclusion, step, job = workflow.job } = takeRunFault(world.faults, { ...run.inputs, workflow: run.workflow })
  if (conclusion === 'success' || conclusion === 'cancelled') return { conclusion, failing: null }
  const failing = step || conclusion ? { job, step: step ?? workflow.steps.at(-2) ?? checkRequest } : refusal(run)
  return { conclusion: conclusion ?? (failing ? 'failure' : 'success'), failing }
}

const refusal = (run: RunRecord): RunRecord['failing'] => {
  const workflow = workflowOf(run.workflow)
  return deploys(workflow) ? { job: workflow.job, step: checkRequest } : null
}
