import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { refuse, rest } from '../answers.ts'
import { commitBySha } from '../graph.ts'
import { deleteRef, isForward, setBranch, setTag } from '../refs.ts'
import { gitRef } from '../shapes.ts'
import type { World } from '../world.ts'

const NewRef = Type.Object({ ref: Type.String(), sha: Type.String() })
const Moved = Type.Object({ sha: Type.String(), force: Type.Optional(Type.Boolean()) })

/** Making, moving and deleting refs by the API. Whoever calls is the pusher. */
export const refRoutes = (app: FastifyInstance, world: World): void => {
  const base = `/repos/${world.repo.fullName}/git/refs`
  app.post<{ Body: Static<typeof NewRef> }>(base, { schema: { body: NewRef } }, ({ body: { ref, sha } }, reply) => {
    const at = place(ref.replace(/^refs\//, ''))
    if (!at) return refuse(reply, 422, 'Reference name must start with refs/heads/ or refs/tags/')
    if (pointedTo(world, at)) return refuse(reply, 422, 'Reference already exists')
    if (!commitBySha(world.state, sha)) return refuse(reply, 422, 'Object does not exist')
    reply.code(201)
    return point(world, at, sha)
  })
  app.patch<{ Body: Static<typeof Moved> }>(`${base}/*`, { schema: { body: Moved } }, (request, reply) => {
    const at = place(rest(request))
    const before = at && pointedTo(world, at)
    const { sha, force = false } = request.body
    if (!before) return refuse(reply, 422, 'Reference does not exist')
    if (!commitBySha(world.state, sha)) return refuse(reply, 422, 'Object does not exist')
    if (!force && !isForward(world, before, sha)) return refuse(reply, 422, 'Update is not a fast forward')
    return point(world, at, sha)
  })
  app.delete(`${base}/*`, (request, reply) => {
    const at = place(rest(request))
    if (!at || !deleteRef(world, at.type, at.name, pusher)) return refuse(reply, 422, 'Reference does not exist')
    world.changed()
    reply.code(204)
    return null
  })
}

const pusher = 'deploybot[bot]'

interface Place {
  type: 'branch' | 'tag'
  name: string
}

const place = (path: string): Place | undefined => {
  const [, kind, name] = /^(heads|tags)\/(.+)$/.exec(path) ?? []
  return name === undefined ? undefined : { type: kind === 'heads' ? 'branch' : 'tag', name }
}

const pointedTo = ({ state }: World, { type, name }: Place): string | undefined =>
  type === 'branch' ? state.branches[name] : state.tags[name]?.commit

const point = (world: World, { type, name }: Place, sha: string) => {
  const set = type === 'branch' ? setBranch : setTag
  set(world, name, sha, pusher)
  world.changed()
  return gitRef(world, `refs/${type === 'branch' ? 'heads' : 'tags'}/${name}`, sha, 'commit')
}
