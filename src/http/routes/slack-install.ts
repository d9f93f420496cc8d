import { html } from 'ghtml'
import Type from 'typebox'
import { NotInstallable } from '../../agent/ports.ts'
import { requireScope } from '../auth.ts'
import type { App, AppDeps, SlackEdge } from '../deps.ts'
import { Problem } from '../errors.ts'
import { page } from '../pages/page.ts'
import { sendPage } from '../pages/send.ts'
import { isState, stateFor } from '../slack/state.ts'

const Back = Type.Object({
  code: Type.Optional(Type.String({ pattern: '^[\\w.-]{1,200}$' })),
  error: Type.Optional(Type.String({ maxLength: 200 })),
  state: Type.String({ maxLength: 200 }),
})

/** For more than one workspace: each agrees on a page of Slack's, and we keep its token, sealed. */
export const slackInstallRoutes = (app: App, deps: AppDeps): void => {
  const installs = deps.slack?.installs
  if (!installs) return

  app.get('/slack/install', { schema: { hide: true }, preHandler: requireScope(deps, 'operate') }, async (_, reply) =>
    reply.header('cache-control', 'no-store').redirect(installs.askAt(stateFor(installs.secret))),
  )

  // Slack sends the browser here, with no token of ours and from another site: the state is what shows that an operator began this.
  app.get('/slack/oauth', { schema: { hide: true, querystring: Back } }, async ({ query, log }, reply) => {
    const { code, state } = query
    if (!isState(state, installs.secret)) throw tooOld()
    if (code === undefined) throw new Problem(403, 'not_agreed', 'the workspace did not agree; nothing was installed')
    const name = await install(code, installs)
    log.info({ workspace: name }, 'a Slack workspace was added')
    const content = html`<h1>Installed in ${name}</h1><p>Mention Deploybot in a channel there, or type /deploybot help.</p>`
    return sendPage(reply, page({ title: 'Installed in Slack', viewer: null, content }))
  })
}

const install = async (code: string, installs: NonNullable<SlackEdge['installs']>): Promise<string> => {
  try {
    return await installs.install(code)
  } catch (error) {
    if (error instanceof NotInstallable) throw new Problem(422, 'not_installable', `${error.message}; ${START_AGAIN}`)
    throw error
  }
}

const START_AGAIN = 'start again at /slack/install'

const tooOld = (): Problem =>
  new Problem(403, 'bad_state', `this was not begun here, or is older than ten minutes; ${START_AGAIN}`)
