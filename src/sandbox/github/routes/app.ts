import type { components } from '@octokit/openapi-types'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { TOKEN } from '../access.ts'
import { notFound, page, param, refuse } from '../answers.ts'
import { installation, integration, permissions, repository } from '../shapes.ts'
import { home, installationId, owner, type World } from '../world.ts'

/** What a GitHub App needs before it can call anything: itself, its installation, and a token that lives for an hour. */
export const appRoutes = (app: FastifyInstance, world: World): void => {
  const gone = () => home(world).state.installation.state === 'deleted'
  app.get('/app', () => integration(world))
  app.get('/app/installations', (request, reply) => page(world, request, reply, gone() ? [] : [installation(world)]))
  for (const path of [`/repos/${world.repo.fullName}/installation`, `/orgs/${owner}/installation`])
    app.get(path, (_request, reply) => (gone() ? notFound(reply) : installation(world)))
  const isIt = (request: FastifyRequest) => !gone() && param(request, 'id') === String(installationId(world))
  app.get('/app/installations/:id', (request, reply) => (isIt(request) ? installation(world) : notFound(reply)))

  app.post('/app/installations/:id/access_tokens', (request, reply) => {
    const { state } = home(world).state.installation
    if (!isIt(request)) return notFound(reply)
    if (state === 'suspended') return refuse(reply, 403, 'This installation has been suspended')
    reply.code(201)
    return {
      token: `${TOKEN}${installationId(world)}`,
      expires_at: new Date(world.now() + 3_600_000).toISOString(),
      permissions,
      repository_selection: 'selected',
    } satisfies components['schemas']['installation-token']
  })
  app.get('/installation/repositories', (request, reply) => ({
    total_count: world.worlds.length,
    repositories: page(world, request, reply, world.worlds.map(repository)),
  }))
}
