import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { param } from '../answers.ts'
import { announce } from '../deliveries.ts'
import type { InstallationSubject } from '../subjects.ts'
import { installationId, type World } from '../world.ts'

const Team = Type.Object({ members: Type.Array(Type.String()) })
const Collaborator = Type.Object({
  permission: Type.Union([Type.Literal('admin'), Type.Literal('write'), Type.Literal('read'), Type.Literal('none')]),
})
const Installation = Type.Object({
  state: Type.Union([Type.Literal('active'), Type.Literal('suspended'), Type.Literal('deleted')]),
})

/** `/_sandbox/…`: what an owner of the organization does: teams, rights, and taking the App away. */
export const peopleControlRoutes = (app: FastifyInstance, world: World): void => {
  const { state } = world
  app.put<{ Body: Static<typeof Team> }>('/_sandbox/teams/:team', { schema: { body: Team } }, (request) => {
    state.teams[param(request, 'team')] = request.body.members
    world.changed()
    return state.teams
  })
  app.put<{ Body: Static<typeof Collaborator> }>(
    '/_sandbox/collaborators/:login',
    { schema: { body: Collaborator } },
    (request) => {
      state.collaborators[param(request, 'login')] = request.body.permission
      world.changed()
      return state.collaborators
    },
  )
  app.put<{ Body: Static<typeof Installation> }>(
    '/_sandbox/installation',
    { schema: { body: Installation } },
    ({ body }) => {
      const action = actionFor(state.installation.state, body.state)
      if (action) {
        const id = installationId(world) + (action === 'created' ? 1 : 0)
        state.installation = { state: body.state, at: world.now(), id }
        announce(world, { event: 'installation', action, at: world.now() })
        world.changed()
      }
      return state.installation
    },
  )
}

type Standing = World['state']['installation']['state']

const actionFor = (from: Standing, to: Standing): InstallationSubject['action'] | undefined => {
  if (from === to) return undefined
  if (to === 'deleted') return 'deleted'
  if (to === 'suspended') return 'suspend'
  return from === 'deleted' ? 'created' : 'unsuspend'
}
