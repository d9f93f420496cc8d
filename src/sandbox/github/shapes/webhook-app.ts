import type { components } from '@octokit/openapi-types'
import type { InstallationSubject } from '../subjects.ts'
import { hookId, type World } from '../world.ts'
import { about } from './about.ts'
import { installation } from './app.ts'
import { iso } from './commit.ts'
import { apiUrl } from './repository.ts'

type Schemas = components['schemas']

/** Somebody installed the App, paused it, or took it away. */
export const installationPayload = (world: World, { action, at }: InstallationSubject) => {
  const { sender, organization } = about(world, 'maya-lindqvist')
  const suspended = action === 'suspend'
  const then = { ...installation(world), updated_at: iso(at), suspended_at: suspended ? iso(at) : null }
  const repositories = world.worlds.map(({ repo: { id, name, fullName } }) => ({
    ...{ id, node_id: `R_${name}`, name, full_name: fullName, private: true },
  }))
  const rest = {
    installation: { ...then, suspended_by: suspended ? sender : null },
    repositories,
    organization,
    sender,
  }
  switch (action) {
    case 'created':
      return { action, ...rest } satisfies Schemas['webhook-installation-created']
    case 'deleted':
      return { action, ...rest } satisfies Schemas['webhook-installation-deleted']
    case 'suspend':
      return { action, ...rest } satisfies Schemas['webhook-installation-suspend']
    case 'unsuspend':
      return { action, ...rest } satisfies Schemas['webhook-installation-unsuspend']
  }
}

/** What a new hook says first, and whenever somebody asks it to. */
export const pingPayload = (world: World) => {
  const url = `${apiUrl(world)}/hooks/${hookId}`
  return {
    zen: 'Anything added dilutes everything else.',
    hook_id: hookId,
    hook: {
      type: 'Repository',
      id: hookId,
      name: 'web',
      active: true,
      events: ['*'],
      config: { content_type: 'json', insecure_ssl: '0' },
      created_at: '2026-02-09T08:00:00Z',
      updated_at: '2026-02-09T08:00:00Z',
      url,
      test_url: `${url}/tests`,
      ping_url: `${url}/pings`,
      deliveries_url: `${url}/deliveries`,
      last_response: { code: null, status: 'unused', message: null },
    },
    ...about(world, 'maya-lindqvist'),
  } satisfies Schemas['webhook-ping']
}
