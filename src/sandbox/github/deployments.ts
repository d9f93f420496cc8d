import { announce } from './deliveries.ts'
import type { DeploymentRecord, DeploymentState, RunRecord, StatusRecord } from './state.ts'
import type { World } from './world.ts'

/** What the example workflow does before it deploys: the deployment is on record, in progress. */
export const recordDeployment = (world: World, run: RunRecord): void => {
  const { service = '', environment = '', tag = '', sha = '', dispatch_id = '' } = run.inputs
  const deployment = addDeployment(world, {
    sha,
    ref: sha,
    task: `deploy:${service}`,
    environment,
    payload: { tag, dispatch_id },
    description: `Deploy ${service} ${tag} to ${environment}`,
  })
  run.deployment_id = deployment.id
  report(world, run, deployment, 'in_progress')
}

/** What it does at its end. A success takes the place of what was live before. */
export const recordOutcome = (world: World, run: RunRecord): void => {
  const deployment = world.state.deployments.find((one) => one.id === run.deployment_id)
  if (!deployment) return
  if (run.conclusion === 'success') retireEarlier(world, deployment)
  report(world, run, deployment, run.conclusion === 'success' ? 'success' : 'failure')
}

const retireEarlier = (world: World, by: DeploymentRecord): void => {
  for (const earlier of world.state.deployments) {
    const samePlace = earlier.task === by.task && earlier.environment === by.environment
    if (samePlace && earlier.id < by.id && earlier.statuses.at(-1)?.state === 'success')
      addStatus(world, earlier, { state: 'inactive' })
  }
}

/** Says how a deployment goes, in the name of the run that makes it. */
export const report = (world: World, run: RunRecord, deployment: DeploymentRecord, state: DeploymentState): void => {
  const log_url = `/${world.repo.fullName}/actions/runs/${run.id}`
  const status = addStatus(world, deployment, { state, log_url })
  const subject = { event: 'deployment_status', action: 'created', run: run.id } as const
  announce(world, { ...subject, deployment: deployment.id, status: status.id })
}

export const addDeployment = (
  world: World,
  deployment: Omit<DeploymentRecord, 'id' | 'at' | 'statuses'>,
): DeploymentRecord => {
  const record = { ...deployment, id: world.state.next_id++, at: world.now(), statuses: [] }
  world.state.deployments.push(record)
  return record
}

export const addStatus = (
  world: World,
  deployment: DeploymentRecord,
  status: Pick<StatusRecord, 'state'> & Partial<StatusRecord>,
): StatusRecord => {
  const empty = { description: '', log_url: '', environment_url: '' }
  const record = { ...empty, ...status, id: world.state.next_id++, at: world.now() }
  deployment.statuses.push(record)
  return record
}
