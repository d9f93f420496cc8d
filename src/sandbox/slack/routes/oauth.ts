import type { FastifyInstance } from 'fastify'
import { type Static, Type } from 'typebox'
import { html } from '../../html.ts'
import { newCode } from '../methods/oauth.ts'
import { document } from '../page/document.ts'
import type { World } from '../world.ts'

const Asked = Type.Object({
  client_id: Type.String(),
  redirect_uri: Type.String(),
  scope: Type.Optional(Type.String()),
  user_scope: Type.Optional(Type.String()),
  state: Type.Optional(Type.String()),
  /** What the buttons of our page add. */
  allow: Type.Optional(Type.String()),
})

/** The page at which somebody lets the app into a workspace, and is sent back with a code. */
export const oauthRoutes = (app: FastifyInstance, world: World): void => {
  app.get<{ Querystring: Static<typeof Asked> }>(
    '/oauth/v2/authorize',
    { schema: { querystring: Asked } },
    (request, reply) => {
      const { client_id, redirect_uri, state = '', allow, scope = '' } = request.query
      if (client_id !== world.oauth.clientId) return reply.code(400).send({ ok: false, error: 'invalid_client_id' })
      if (!/^https?:\/\//.test(redirect_uri)) return reply.code(400).send({ ok: false, error: 'bad_redirect_uri' })
      if (allow === undefined) return document(reply, 'Install', choice(world, request.url, scope))
      const back = new URL(redirect_uri)
      const installer = world.state.people.find(({ team }) => team === allow)
      if (!installer) return reply.code(400).send({ ok: false, error: 'invalid_team' })
      back.searchParams.set('code', newCode(world, allow, installer.id))
      back.searchParams.set('state', state)
      return reply.redirect(back.href)
    },
  )
}

const choice = ({ state }: World, url: string, scope: string) =>
  html`<main class="install"><h1>Let deploybot in?</h1><p>It asks for: ${scope.replaceAll(',', ', ')}</p>
    <ul>${state.workspaces.map(({ id, name }) => html`<li><a href="${url}&amp;allow=${id}">Allow in ${name}</a></li>`)}</ul></main>`
