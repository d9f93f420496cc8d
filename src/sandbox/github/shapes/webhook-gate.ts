import type { components } from '@octokit/openapi-types'
import type { GateSubject } from '../subjects.ts'
import type { World } from '../world.ts'
import { about, found } from './about.ts'
import { deployment } from './deployment.ts'
import { runUrl } from './run.ts'

/** A run asks for its environment, and says where to answer. */
export const gatePayload = (world: World, subject: GateSubject) => {
  const run = found(world.state.runs.find(({ id }) => id === subject.run))
  const record = found(world.state.deployments.find(({ id }) => id === subject.deployment))
  const at = new Date(record.at).toISOString()
  return {
    action: 'requested',
    environment: subject.environment,
    event: 'workflow_dispatch',
    sha: run.sha,
    ref: `refs/heads/${run.branch}`,
    deployment_callback_url: `${runUrl(world, run.id)}/deployment_protection_rule`,
    deployment: { ...deployment(world, record), updated_at: at },
    pull_requests: [],
    ...about(world),
  } satisfies components['schemas']['webhook-deployment-protection-rule-requested']
}
