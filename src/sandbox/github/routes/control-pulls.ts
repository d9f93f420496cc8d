import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { mayBeEmpty, notFound, param, refuse } from '../answers.ts'
import { closePull, mergePull, openPull } from '../pulls.ts'
import { pullRequest } from '../shapes.ts'
import type { World } from '../world.ts'

const File = Type.Object({
  filename: Type.String(),
  status: Type.Optional(Type.Union([Type.Literal('added'), Type.Literal('modified'), Type.Literal('removed')])),
  additions: Type.Optional(Type.Integer()),
  deletions: Type.Optional(Type.Integer()),
})
const about = {
  body: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  branch: Type.Optional(Type.String()),
  base: Type.Optional(Type.String()),
  message: Type.Optional(Type.String()),
  fork: Type.Optional(Type.String()),
  files: Type.Optional(Type.Array(Type.Union([Type.String(), File]))),
}
const NewPull = Type.Object({ title: Type.String({ minLength: 1 }), ...about })
const By = Type.Object({ by: Type.Optional(Type.String()) })
const Merges = Type.Object({
  ...about,
  title: Type.Optional(Type.String({ minLength: 1 })),
  count: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  by: Type.Optional(Type.String()),
})

const byWhom = { preValidation: mayBeEmpty, schema: { body: By } }
const many = { preValidation: mayBeEmpty, schema: { body: Merges } }

/** `/_sandbox/…`: what people do with pull requests. Merges are squashed: the commit on main is "Title (#n)". */
export const pullControlRoutes = (app: FastifyInstance, world: World): void => {
  const find = (request: FastifyRequest) =>
    world.state.pulls.find(({ number }) => String(number) === param(request, 'number'))

  app.post<{ Body: Static<typeof NewPull> }>('/_sandbox/pulls', { schema: { body: NewPull } }, ({ body }, reply) => {
    const pull = openPull(world, body)
    if (!pull) return noBase(reply, body.base)
    world.changed()
    return pullRequest(world, pull)
  })
  app.post<{ Body: Static<typeof By> }>('/_sandbox/pulls/:number/merge', byWhom, (request, reply) => {
    const pull = find(request)
    if (!pull) return notFound(reply)
    if (!mergePull(world, pull, { by: request.body.by ?? merger, method: 'squash' }))
      return refuse(reply, 405, 'Pull Request is not mergeable')
    world.changed()
    return pullRequest(world, pull)
  })
  app.post<{ Body: Static<typeof By> }>('/_sandbox/pulls/:number/close', byWhom, (request, reply) => {
    const pull = find(request)
    if (!pull) return notFound(reply)
    if (!closePull(world, pull, request.body.by ?? merger)) return refuse(reply, 422, 'It is closed already')
    world.changed()
    return pullRequest(world, pull)
  })
  app.post<{ Body: Static<typeof Merges> }>('/_sandbox/merges', many, ({ body }, reply) => {
    const { title, count = 1, by = merger, ...rest } = body
    const merged: { number: number; sha: string; title: string }[] = []
    for (let made = 0; made < count; made += 1) {
      const pull = openPull(world, { ...rest, title: titleOf(title, count, made) })
      const commit = pull && mergePull(world, pull, { by, method: 'squash' })
      if (!commit) return noBase(reply, rest.base)
      merged.push({ number: pull.number, sha: commit.sha, title: pull.title })
    }
    world.changed()
    return merged
  })
}

const merger = 'maya-lindqvist'

const titleOf = (title = 'Tidy the shop', count: number, made: number): string =>
  count === 1 ? title : `${title} ${made + 1}`

const noBase = (reply: FastifyReply, base = 'main') => refuse(reply, 422, `No branch ${base}`)
