import type { components } from '@octokit/openapi-types'
import type { FastifyInstance } from 'fastify'
import { notFound, page, param } from '../answers.ts'
import { user } from '../shapes.ts'
import { owner, type World } from '../world.ts'

/** Who is in which team, and who may do what. */
export const peopleRoutes = (app: FastifyInstance, world: World): void => {
  app.get(`/orgs/${owner}/teams/:team/members`, (request, reply) => {
    const members = world.state.teams[param(request, 'team')]
    return members ? page(world, request, reply, members).map((login) => user(world, login)) : notFound(reply)
  })
  app.get(`/orgs/${owner}/teams/:team/memberships/:login`, (request, reply) => {
    const team = param(request, 'team')
    const login = world.state.teams[team]?.find((one) => same(one, param(request, 'login')))
    if (!login) return notFound(reply)
    const url = `${world.url}/orgs/${owner}/teams/${team}/memberships/${login}`
    return { url, role: 'member', state: 'active' } satisfies components['schemas']['team-membership']
  })
  app.get(`/repos/${world.repo.fullName}/collaborators/:login/permission`, (request) => {
    const wanted = param(request, 'login')
    const [login = wanted, permission = 'none'] =
      Object.entries(world.state.collaborators).find(([one]) => same(one, wanted)) ?? []
    const can = { pull: permission !== 'none', triage: true, push: permission === 'write' || permission === 'admin' }
    const permissions = { ...can, triage: can.push, maintain: permission === 'admin', admin: permission === 'admin' }
    return {
      permission,
      role_name: permission,
      user: { ...user(world, login), permissions, role_name: permission },
    } satisfies components['schemas']['repository-collaborator-permission']
  })
}

/** Logins are the same in any case. */
const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()
