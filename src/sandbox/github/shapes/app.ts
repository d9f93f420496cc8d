import type { components } from '@octokit/openapi-types'
import { headAt } from '../history.ts'
import { home, installationId, owner, type World } from '../world.ts'
import { iso } from './commit.ts'
import { user } from './user.ts'

/** What Deploybot's App may do and hears of. */
export const permissions = {
  actions: 'write',
  deployments: 'write',
  contents: 'read',
  metadata: 'read',
  pull_requests: 'write',
  issues: 'read',
  members: 'read',
} as const

export const appEvents = [
  ...['workflow_run', 'workflow_job', 'deployment_status', 'deployment_protection_rule'],
  ...['pull_request', 'push', 'create', 'delete', 'issue_comment'],
]

/** The App itself, as it sees itself with its own key. */
export const integration = (world: World) =>
  ({
    id: 1,
    slug: 'deploybot',
    node_id: 'A_1',
    client_id: 'Iv1.sandbox',
    owner: user(world, owner, 'Organization'),
    name: 'Deploybot',
    description: 'Ask in plain words, approve with facts, deploy exactly once.',
    external_url: world.url,
    html_url: `${world.url}/apps/deploybot`,
    created_at: '2026-02-09T08:00:00Z',
    updated_at: '2026-02-09T08:00:00Z',
    permissions,
    events: appEvents,
    installations_count: home(world).state.installation.state === 'deleted' ? 0 : 1,
  }) satisfies components['schemas']['integration']

/** Its installation in acme, for its repositories. */
export const installation = (world: World) => {
  const account = user(world, owner, 'Organization')
  const id = installationId(world)
  const { state, at } = home(world).state.installation
  const suspended = state === 'suspended'
  return {
    id,
    account,
    repository_selection: 'selected',
    access_tokens_url: `${world.url}/app/installations/${id}/access_tokens`,
    repositories_url: `${world.url}/installation/repositories`,
    html_url: `${world.url}/organizations/${owner}/settings/installations/${id}`,
    app_id: 1,
    client_id: 'Iv1.sandbox',
    target_id: account.id,
    target_type: 'Organization',
    permissions,
    events: appEvents,
    created_at: '2026-02-09T08:00:00Z',
    updated_at: iso(at || headAt),
    single_file_name: null,
    app_slug: 'deploybot',
    suspended_by: suspended ? user(world, 'maya-lindqvist') : null,
    suspended_at: suspended ? iso(at) : null,
  } satisfies components['schemas']['installation']
}
