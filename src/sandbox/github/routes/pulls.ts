import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { mayBeEmpty, notFound, page, param, query, refuse } from '../answers.ts'
import { mergePull, type PullRecord, pullCommits, pullsOf } from '../pulls.ts'
import { commit, diffEntry, pullRequest, pullRequestSimple } from '../shapes.ts'
import { owner, type World } from '../world.ts'

const NewMerge = Type.Object({
  commit_title: Type.Optional(Type.String()),
  commit_message: Type.Optional(Type.String()),
  sha: Type.Optional(Type.String()),
  merge_method: Type.Optional(Type.Union([Type.Literal('merge'), Type.Literal('squash'), Type.Literal('rebase')])),
})
type NewMerge = Static<typeof NewMerge>

/** Pull requests: lists, one, what is in it, where a commit came from, and the merge. */
export const pullRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}`
  const find = (request: FastifyRequest) =>
    world.state.pulls.find(({ number }) => String(number) === param(request, 'number'))

  app.get(`${base}/pulls`, (request, reply) =>
    page(world, request, reply, chosen(world.state.pulls, request)).map((pull) => pullRequestSimple(world, pull)),
  )
  app.get(`${base}/pulls/:number`, (request, reply) => {
    const pull = find(request)
    return pull ? pullRequest(world, pull) : notFound(reply)
  })
  app.get(`${base}/pulls/:number/files`, (request, reply) => {
    const pull = find(request)
    if (!pull) return notFound(reply)
    return page(world, request, reply, pull.files).map((file) => diffEntry(world, pull.head.sha, file))
  })
  app.get(`${base}/pulls/:number/commits`, (request, reply) => {
    const pull = find(request)
    if (!pull) return notFound(reply)
    return page(world, request, reply, pullCommits(world.state, pull)).map((one) => commit(world, one))
  })
  app.get(`${base}/commits/:sha/pulls`, (request, reply) => {
    const pulls = pullsOf(world, param(request, 'sha'))
    return page(world, request, reply, pulls).map((pull) => pullRequestSimple(world, pull))
  })
  const merging = { preValidation: mayBeEmpty, schema: { body: NewMerge } }
  app.put<{ Body: NewMerge }>(`${base}/pulls/:number/merge`, merging, (request, reply) => {
    const pull = find(request)
    return pull ? merge(world, pull, request.body, reply) : notFound(reply)
  })
}

const merge = (world: World, pull: PullRecord, wanted: NewMerge, reply: FastifyReply) => {
  const { sha, merge_method: method = 'merge', commit_title: title, commit_message: message } = wanted
  if (sha && sha !== pull.head.sha)
    return refuse(reply, 409, 'Head branch was modified. Review and try the merge again.')
  if (method === 'rebase') return refuse(reply, 405, 'Rebase merges are not allowed on this repository.')
  const made = mergePull(world, pull, { by: 'maya-lindqvist', method, title, message })
  if (!made) return refuse(reply, 405, 'Pull Request is not mergeable')
  world.changed()
  return { sha: made.sha, merged: true, message: 'Pull Request successfully merged' }
}

/** GitHub shows open ones, the newest first, until it is asked for others. */
const chosen = (pulls: PullRecord[], request: FastifyRequest): PullRecord[] => {
  const state = query(request, 'state') ?? 'open'
  const onto = query(request, 'base')
  const head = query(request, 'head')
  const sort = query(request, 'sort') === 'updated' ? 'updated_at' : 'created_at'
  const down = (query(request, 'direction') ?? (sort === 'created_at' ? 'desc' : 'asc')) === 'desc'
  return pulls
    .filter((pull) => state === 'all' || (state === 'open') === (pull.closed_at === null))
    .filter((pull) => !onto || pull.base.branch === onto)
    .filter((pull) => !head || `${pull.head.fork ?? owner}:${pull.head.branch}` === head)
    .sort((a, b) => (down ? -1 : 1) * (a[sort] - b[sort] || a.number - b.number))
}
