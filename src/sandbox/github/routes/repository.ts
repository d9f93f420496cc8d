import type { FastifyInstance } from 'fastify'
import { notFound, page, refuse, rest } from '../answers.ts'
import { apiUrl } from '../shapes/repository.ts'
import { commit, gitRef, gitTag, repository, tag } from '../shapes.ts'
import type { TagRecord } from '../state.ts'
import type { World } from '../world.ts'

/** The repository, its tags, branches and raw git refs. */
export const repositoryRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}`
  const { state } = world
  app.get(base, () => repository(world))

  // GitHub sorts tags by name, not by date, the highest first.
  app.get(`${base}/tags`, (request, reply) => {
    const names = Object.entries(state.tags).sort(([a], [b]) => (a < b ? 1 : -1))
    return page(world, request, reply, names).map(([name, record]) => tag(world, name, record))
  })

  app.get(`${base}/branches`, (request, reply) =>
    page(world, request, reply, Object.keys(state.branches)).map((name) => branch(world, name)),
  )
  app.get(`${base}/branches/*`, (request, reply) => {
    const found = state.commits.find(({ sha }) => sha === state.branches[rest(request)])
    return found ? { ...branch(world, rest(request)), commit: commit(world, found) } : notFound(reply)
  })

  app.get(`${base}/git/ref/*`, (request, reply) => {
    const found = refs(world).find(({ ref }) => ref === `refs/${rest(request)}`)
    return found ?? notFound(reply)
  })
  app.get(`${base}/git/matching-refs/*`, (request) =>
    refs(world).filter(({ ref }) => ref.startsWith(`refs/${rest(request)}`)),
  )
  app.get(`${base}/git/tags/:sha`, (request, reply) => {
    const { sha } = request.params as { sha: string }
    const found = Object.entries(state.tags).find(([, record]) => record.object === sha)
    return found ? gitTag(world, ...found, sha) : refuse(reply, 404, 'Not Found')
  })
}

const branch = (world: World, name: string) => {
  const sha = world.state.branches[name] ?? ''
  const url = apiUrl(world)
  return { name, commit: { sha, url: `${url}/commits/${sha}` }, protected: name === 'main' }
}

const refs = (world: World) => [
  ...Object.entries(world.state.branches).map(([name, sha]) => gitRef(world, `refs/heads/${name}`, sha, 'commit')),
  ...Object.entries(world.state.tags)
    .sort()
    .map(([name, record]) => tagRef(world, name, record)),
]

const tagRef = (world: World, name: string, { object, commit: sha }: TagRecord) =>
  gitRef(world, `refs/tags/${name}`, object ?? sha, object ? 'tag' : 'commit')
