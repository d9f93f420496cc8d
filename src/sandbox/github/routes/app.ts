import type { components } from '@octokit/openapi-types'
import type { FastifyInstance } from 'fastify'
import { minimalRepository } from '../shapes.ts'
import { fullName, owner, type World } from '../world.ts'

const installation = 4242

/** What a GitHub App needs before it can call anything: its installation, and a token that lives for an hour. */
export const appRoutes = (app: FastifyInstance, world: World): void => {
  app.get(`/repos/${fullName}/installation`, () => ({
    id: installation,
    app_id: 1,
    app_slug: 'deploybot',
    target_type: 'Organization',
    account: minimalRepository(world).owner,
    repository_selection: 'selected',
    access_tokens_url: `${world.url}/app/installations/${installation}/access_tokens`,
    permissions,
    events: ['workflow_run', 'workflow_job', 'deployment_status'],
  }))

  app.post(`/app/installations/${installation}/access_tokens`, (_request, reply) => {
    reply.code(201)
    return {
      token: `ghs_sandbox_${owner}`,
      expires_at: new Date(world.now() + 3_600_000).toISOString(),
      permissions,
      repository_selection: 'selected',
    } satisfies components['schemas']['installation-token']
  })
}

const permissions = { actions: 'write', deployments: 'write', contents: 'read' } as const
