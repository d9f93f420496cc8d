import type { components } from '@octokit/openapi-types'
import type { DeploymentRecord, StatusRecord } from '../state.ts'
import type { World } from '../world.ts'
import { iso } from './commit.ts'
import { apiUrl } from './repository.ts'
import { caller } from './user.ts'

const urlOf = (world: World, id: number): string => `${apiUrl(world)}/deployments/${id}`

export const deployment = (world: World, record: DeploymentRecord) =>
  ({
    url: urlOf(world, record.id),
    id: record.id,
    node_id: `DE_${record.id}`,
    sha: record.sha,
    ref: record.ref,
    task: record.task,
    payload: record.payload,
    original_environment: record.environment,
    environment: record.environment,
    description: record.description,
    creator: caller(world),
    created_at: iso(record.at),
    updated_at: iso(record.statuses.at(-1)?.at ?? record.at),
    statuses_url: `${urlOf(world, record.id)}/statuses`,
    repository_url: apiUrl(world),
    transient_environment: false,
    production_environment: record.environment === 'production',
  }) satisfies components['schemas']['deployment']

export const deploymentStatus = (world: World, record: DeploymentRecord, status: StatusRecord) => {
  const log_url = status.log_url && new URL(status.log_url, world.url).href
  return {
    url: `${urlOf(world, record.id)}/statuses/${status.id}`,
    id: status.id,
    node_id: `DES_${status.id}`,
    state: status.state,
    creator: caller(world),
    description: status.description,
    environment: record.environment,
    target_url: log_url,
    log_url,
    environment_url: status.environment_url,
    created_at: iso(status.at),
    updated_at: iso(status.at),
    deployment_url: urlOf(world, record.id),
    repository_url: apiUrl(world),
  } satisfies components['schemas']['deployment-status']
}
