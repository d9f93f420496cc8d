import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, page, param } from '../answers.ts'
import { addComment, editComment, REACTIONS } from '../comments.ts'
import { caller, issueComment, reaction } from '../shapes.ts'
import type { World } from '../world.ts'

const Words = Type.Object({ body: Type.String({ minLength: 1, maxLength: 65_536 }) })
type Words = Static<typeof Words>
const NewReaction = Type.Object({ content: Type.Union(REACTIONS.map((name) => Type.Literal(name))) })

/** Comments on pull requests (which are issues too), reactions to them, and whoever writes them with a token. */
export const commentRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/issues`
  const { state } = world
  const pullOf = (request: FastifyRequest) =>
    state.pulls.find(({ number }) => String(number) === param(request, 'number'))
  const commentOf = (request: FastifyRequest) => state.comments.find(({ id }) => String(id) === param(request, 'id'))
  const { login } = caller(world)

  app.get('/user', () => caller(world))

  app.get(`${base}/:number/comments`, (request, reply) => {
    const pull = pullOf(request)
    if (!pull) return notFound(reply)
    const all = state.comments.filter((comment) => comment.pull === pull.number)
    return page(world, request, reply, all).map((comment) => issueComment(world, comment))
  })
  app.post<{ Body: Words }>(`${base}/:number/comments`, { schema: { body: Words } }, (request, reply) => {
    const pull = pullOf(request)
    if (!pull) return notFound(reply)
    const comment = addComment(world, { pull: pull.number, login, bot: true, body: request.body.body })
    world.changed()
    reply.code(201)
    return issueComment(world, comment)
  })
  app.get(`${base}/comments/:id`, (request, reply) => {
    const comment = commentOf(request)
    return comment ? issueComment(world, comment) : notFound(reply)
  })
  app.patch<{ Body: Words }>(`${base}/comments/:id`, { schema: { body: Words } }, (request, reply) => {
    const comment = commentOf(request)
    if (!comment) return notFound(reply)
    editComment(world, comment, request.body.body)
    world.changed()
    return issueComment(world, comment)
  })

  app.get(`${base}/comments/:id/reactions`, (request, reply) => {
    const comment = commentOf(request)
    return comment ? page(world, request, reply, comment.reactions).map((one) => reaction(world, one)) : notFound(reply)
  })
  app.post<{ Body: Static<typeof NewReaction> }>(
    `${base}/comments/:id/reactions`,
    { schema: { body: NewReaction } },
    (request, reply) => {
      const comment = commentOf(request)
      if (!comment) return notFound(reply)
      const { content } = request.body
      const there = comment.reactions.find((one) => one.login === login && one.content === content)
      const made = there ?? { id: state.next_id++, login, content, at: world.now() }
      if (!there) comment.reactions.push(made)
      world.changed()
      reply.code(there ? 200 : 201)
      return reaction(world, made)
    },
  )
}
