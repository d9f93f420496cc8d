import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { notFound, page, param, query, refuse, rest } from '../answers.ts'
import { commitBySha, compare, log, resolve } from '../graph.ts'
import { commit, comparison, gitCommit, wholeCommit } from '../shapes.ts'
import type { World } from '../world.ts'

/** The history: lists, one commit by any of its names, and what lies between two. */
export const commitRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}`
  app.get(`${base}/commits`, (request, reply) => {
    const from = resolve(world.state, query(request, 'sha') ?? 'main')
    if (!from) return notFound(reply)
    return page(world, request, reply, log(world.state, from)).map((one) => commit(world, one))
  })

  app.get(`${base}/commits/*`, (request, reply) => {
    const found = resolve(world.state, rest(request))
    if (found && /vnd\.github(\.v3)?\.sha/.test(request.headers.accept ?? '')) {
      reply.type('application/vnd.github.sha; charset=utf-8')
      return found.sha
    }
    return found ? wholeCommit(world, found) : refuse(reply, 422, `No commit found for SHA: ${rest(request)}`)
  })

  app.get(`${base}/git/commits/:sha`, (request, reply) => {
    const found = commitBySha(world.state, param(request, 'sha'))
    return found ? gitCommit(world, found) : notFound(reply)
  })

  app.get(`${base}/compare/*`, (request, reply) => {
    const [baseName = '', headName = ''] = rest(request).split('...')
    const from = resolve(world.state, baseName)
    const to = resolve(world.state, headName)
    const found = from && to && compare(world.state, from, to)
    if (from && to && !found) return refuse(reply, 404, `No common ancestor between ${baseName} and ${headName}.`)
    if (!found) return notFound(reply)
    const told = comparison(world, from, to, rest(request), found)
    return { ...told, ...part(world, request, reply, told) }
  })
}

type Told = Pick<ReturnType<typeof comparison>, 'commits' | 'files'>

/** The newest 250 commits, or the page that was asked for; the files come with the first page only, at most 300. */
const part = (world: World, request: FastifyRequest, reply: FastifyReply, { commits, files }: Told): Told => {
  const number = query(request, 'page')
  const paged = number !== undefined || query(request, 'per_page') !== undefined
  return {
    commits: paged ? page(world, request, reply, commits) : commits.slice(-250),
    files: Number(number ?? 1) > 1 ? [] : files.slice(0, 300),
  }
}
