import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { notFound, refuse, rest } from '../answers.ts'
import { changed } from '../changes.ts'
import { commitBySha, resolve } from '../graph.ts'
import { person } from '../people.ts'
import { addCommit, deleteRef, setBranch, setTag } from '../refs.ts'
import type { World } from '../world.ts'

const Named = Type.Object({ name: Type.String({ minLength: 1 }), to: Type.String() })
type Named = Static<typeof Named>
const NewCommit = Type.Object({
  message: Type.String({ minLength: 1 }),
  branch: Type.Optional(Type.String()),
  author: Type.Optional(Type.String()),
  files: Type.Optional(Type.Array(Type.String())),
})
const ForcePush = Type.Object({
  branch: Type.Optional(Type.String()),
  drop: Type.Integer({ minimum: 1 }),
  message: Type.Optional(Type.String({ minLength: 1 })),
})
const somebody = 'sandbox'

/** `/_sandbox/…`: what others do to the repository meanwhile: push a commit, move or delete a tag, rewrite a branch. */
export const rewriteRoutes = (app: FastifyInstance, world: World): void => {
  const { state } = world
  const named = { schema: { body: Named } }
  app.post<{ Body: Named }>('/_sandbox/tags', named, ({ body }, reply) => {
    const commit = resolve(state, body.to)?.sha
    if (!commit) return refuse(reply, 422, `No commit found for SHA: ${body.to}`)
    setTag(world, body.name, commit, somebody)
    world.changed()
    return { name: body.name, commit }
  })
  app.post<{ Body: Named }>('/_sandbox/branches', named, ({ body }, reply) => {
    const commit = resolve(state, body.to)?.sha
    if (!commit) return refuse(reply, 422, `No commit found for SHA: ${body.to}`)
    setBranch(world, body.name, commit, somebody)
    world.changed()
    return { name: body.name, commit }
  })
  for (const [path, type] of [
    ['tags', 'tag'],
    ['branches', 'branch'],
  ] as const)
    app.delete(`/_sandbox/${path}/*`, (request, reply) => {
      if (!deleteRef(world, type, rest(request), somebody)) return notFound(reply)
      world.changed()
      return { name: rest(request), commit: null }
    })
  pushRoutes(app, world)
}

const pushRoutes = (app: FastifyInstance, world: World): void => {
  const { state } = world
  app.post<{ Body: Static<typeof NewCommit> }>(
    '/_sandbox/commits',
    { schema: { body: NewCommit } },
    ({ body }, reply) => {
      const { message, branch = 'main', author = somebody, files = [] } = body
      const parent = state.branches[branch]
      if (!parent) return refuse(reply, 422, `No branch ${branch}`)
      const made = { parents: [parent], message, author: person(author), files: files.map(changed) }
      const { sha } = addCommit(world, made)
      setBranch(world, branch, sha, author)
      world.changed()
      return { sha, branch }
    },
  )

  app.post<{ Body: Static<typeof ForcePush> }>(
    '/_sandbox/force-push',
    { schema: { body: ForcePush } },
    ({ body }, reply) => {
      const { branch = 'main', drop, message } = body
      const before = state.branches[branch]
      const kept = before && nthParent(world, before, drop)
      if (!kept) return refuse(reply, 422, `No branch ${branch} with more than ${drop} commits`)
      const commit = message && addCommit(world, { parents: [kept], message, author: person(somebody) })
      const sha = commit ? commit.sha : kept
      setBranch(world, branch, sha, somebody)
      world.changed()
      return { branch, before, sha }
    },
  )
}

const nthParent = ({ state }: World, sha: string, drop: number): string | undefined => {
  let at: string | undefined = sha
  for (let step = 0; step < drop && at; step += 1) at = commitBySha(state, at)?.parents[0]
  return at
}
