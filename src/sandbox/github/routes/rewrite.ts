import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { refuse } from '../answers.ts'
import { resolve } from '../graph.ts'
import type { World } from '../world.ts'

const Named = Type.Object({ name: Type.String({ minLength: 1 }), to: Type.String() })
type Named = Static<typeof Named>
const NewCommit = Type.Object({ message: Type.String({ minLength: 1 }), branch: Type.Optional(Type.String()) })

/** `/_sandbox/…`: what others do to the repository meanwhile: push a commit, move a tag, point a branch elsewhere. */
export const rewriteRoutes = (app: FastifyInstance, world: World): void => {
  const { state } = world
  app.post<{ Body: Named }>('/_sandbox/tags', { schema: { body: Named } }, ({ body }, reply) => {
    const commit = resolve(state, body.to)?.sha
    if (!commit) return refuse(reply, 422, `No commit found for SHA: ${body.to}`)
    state.tags[body.name] = { commit, object: null, at: world.now() }
    world.changed()
    return { name: body.name, commit }
  })

  app.post<{ Body: Named }>('/_sandbox/branches', { schema: { body: Named } }, ({ body }, reply) => {
    const commit = resolve(state, body.to)?.sha
    if (!commit) return refuse(reply, 422, `No commit found for SHA: ${body.to}`)
    state.branches[body.name] = commit
    world.changed()
    return { name: body.name, commit }
  })

  app.post<{ Body: Static<typeof NewCommit> }>(
    '/_sandbox/commits',
    { schema: { body: NewCommit } },
    ({ body }, reply) => {
      const { message, branch = 'main' } = body
      const parent = state.branches[branch]
      if (!parent) return refuse(reply, 422, `No branch ${branch}`)
      const sha = createHash('sha1').update(`${parent} ${message}`).digest('hex')
      const author = { name: 'Sandbox', login: 'sandbox' }
      state.commits.push({ sha, parents: [parent], message, author, at: world.now() })
      state.branches[branch] = sha
      world.changed()
      return { sha, branch }
    },
  )
}
