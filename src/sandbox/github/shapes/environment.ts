import type { components } from '@octokit/openapi-types'
import type { Gate } from '../state.ts'
import type { World } from '../world.ts'
import { integration } from './app.ts'
import { apiUrl, htmlUrl } from './repository.ts'

const about = (world: World, name: string) => ({
  id: 5000 + [...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 90_000_000, 7),
  node_id: `EN_${name}`,
  name,
  url: `${apiUrl(world)}/environments/${encodeURIComponent(name)}`,
  html_url: `${htmlUrl(world)}/deployments/activity_log?environments_filter=${encodeURIComponent(name)}`,
})

/** An environment and what keeps it. */
export const environment = (world: World, name: string) => {
  const gate = { id: 1, node_id: 'GA_1', type: 'custom_deployment_rules' }
  return {
    ...about(world, name),
    created_at: '2026-02-09T08:00:00Z',
    updated_at: '2026-02-09T08:00:00Z',
    protection_rules: world.state.gated.includes(name) ? [gate] : [],
    deployment_branch_policy: null,
  } satisfies components['schemas']['environment']
}

/** A run that stands before it. */
export const pendingDeployment = (world: World, gate: Gate) =>
  ({
    environment: about(world, gate.environment),
    wait_timer: 0,
    wait_timer_started_at: null,
    current_user_can_approve: true,
    reviewers: [],
  }) satisfies components['schemas']['pending-deployment']

/** The gates of an environment that Apps keep: the one there is, ours. */
export const protectionRules = (world: World, name: string) => {
  const { id, slug, node_id } = integration(world)
  const app = { id, slug, node_id, integration_url: `${world.url}/apps/${slug}` }
  const rules = world.state.gated.includes(name) ? [{ id: 1, node_id: 'GA_1', enabled: true, app }] : []
  return {
    total_count: rules.length,
    custom_deployment_protection_rules: rules satisfies components['schemas']['deployment-protection-rule'][],
  }
}
