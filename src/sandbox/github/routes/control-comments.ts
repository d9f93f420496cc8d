import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, param } from '../answers.ts'
import { addComment, editComment } from '../comments.ts'
import { issueComment } from '../shapes.ts'
import type { World } from '../world.ts'

const NewComment = Type.Object({
  number: Type.Integer(),
  login: Type.String({ minLength: 1 }),
  body: Type.String({ minLength: 1 }),
  bot: Type.Optional(Type.Boolean()),
})
const Edited = Type.Object({ body: Type.String({ minLength: 1 }) })

/** `/_sandbox/…`: what people write under pull requests, and change afterwards. */
export const commentControlRoutes = (app: FastifyInstance, world: World): void => {
  app.post<{ Body: Static<typeof NewComment> }>(
    '/_sandbox/comments',
    { schema: { body: NewComment } },
    (request, reply) => {
      const { number, login, body, bot = false } = request.body
      if (!world.state.pulls.some((pull) => pull.number === number)) return notFound(reply)
      const comment = addComment(world, { pull: number, login, bot, body })
      world.changed()
      return issueComment(world, comment)
    },
  )
  app.put<{ Body: Static<typeof Edited> }>('/_sandbox/comments/:id', { schema: { body: Edited } }, (request, reply) => {
    const comment = world.state.comments.find(({ id }) => String(id) === param(request, 'id'))
    if (!comment) return notFound(reply)
    editComment(world, comment, request.body.body)
    world.changed()
    return issueComment(world, comment)
  })
}
