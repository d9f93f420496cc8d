import { announce } from './deliveries.ts'
import { addDeployment, report } from './deployments.ts'
import type { RunRecord } from './state.ts'
import { deploys, workflowOf } from './workflows.ts'
import type { World } from './world.ts'

/** Whether somebody has to be asked before this run may go on. */
export const isGated = ({ state }: World, run: RunRecord): boolean =>
  deploys(workflowOf(run.workflow)) && state.gated.includes(run.inputs['environment'] ?? '')

/** The run stops here, and whoever keeps the gate is asked. GitHub puts a deployment of its own on record for that. */
export const waitAtGate = (world: World, run: RunRecord): void => {
  const { environment = '' } = run.inputs
  const about = { sha: run.sha, ref: run.branch, task: 'deploy', environment, payload: {}, description: '' }
  const { id: deployment, at: since } = addDeployment(world, about)
  run.status = 'waiting'
  run.gate = { environment, deployment, state: 'pending', comment: '', since }
  announce(world, { event: 'workflow_job', run: run.id, action: 'waiting' })
  announce(world, { event: 'deployment_protection_rule', action: 'requested', run: run.id, deployment, environment })
}

/** Tells GitHub's own deployment of a gated run how it goes on. */
export const reportAtGate = (world: World, run: RunRecord, state: 'in_progress' | 'success' | 'failure'): void => {
  const deployment = world.state.deployments.find(({ id }) => id === run.gate?.deployment)
  if (deployment) report(world, run, deployment, state)
}
