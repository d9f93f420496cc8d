import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, param } from '../answers.ts'
import { writeWorkflow } from '../files.ts'
import type { World } from '../world.ts'

const NewText = Type.Object({ content: Type.String() })

/** `/_sandbox/workflows/…`: a workflow file is changed. */
export const contentRoutes = (app: FastifyInstance, world: World): void => {
  app.put<{ Body: Static<typeof NewText> }>(
    '/_sandbox/workflows/:file',
    { schema: { body: NewText } },
    (request, reply) => {
      const file = param(request, 'file')
      return writeWorkflow(world, file, request.body.content) ? { file } : notFound(reply)
    },
  )
}
