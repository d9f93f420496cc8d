import { randomBytes } from 'node:crypto'
import Type from 'typebox'
import { type NewApp, ToolError } from '../../agent/ports.ts'
import { repositoriesOf } from '../../thread/repositories.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { webOf } from '../github/manifest.ts'
import { createNonces } from '../nonces.ts'
import { offerApp, showApp } from '../pages/github-app.ts'
import { sendPage } from '../pages/send.ts'
import { requireViewer } from '../viewer.ts'

const Back = Type.Object({
  code: Type.String({ pattern: '^[\\w-]{1,100}$' }),
  state: Type.String({ maxLength: 100 }),
})

/** From "no App yet" to three lines for the environment: GitHub makes the App of a manifest, and we keep nothing of it. */
export const githubAppRoutes = (app: App, deps: AppDeps): void => {
  const { apps, githubApiUrl, publicUrl, policy } = deps
  const nonces = createNonces()
  const web = webOf(githubApiUrl)

  app.get(
    '/github/app',
    { schema: { hide: true }, preHandler: requireViewer(deps, 'operate') },
    async ({ viewer }, reply) => {
      // The one page whose form leaves us.
      reply.header('content-security-policy', POLICY(new URL(web).origin))
      const { repository } = policy
      const offer = { publicUrl, repository, repositories: repositoriesOf(policy), web, state: nonces.make(), viewer }
      return sendPage(reply, offerApp(offer))
    },
  )

  // GitHub sends the browser here, with no token of ours and from another site: the state is what shows that an operator began this.
  app.get('/github/app/created', { schema: { hide: true, querystring: Back } }, async ({ query, log }, reply) => {
    if (!nonces.take(query.state)) throw tooOld()
    const made = await convert(query.code, apps)
    log.info({ app_id: made.id }, 'a GitHub App was made')
    return sendPage(reply, showApp(made, made.webhook_secret ?? randomBytes(32).toString('hex')))
  })
}

const POLICY = (origin: string): string =>
  `default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self' ${origin}; base-uri 'none'; frame-ancestors 'none'`

const convert = async (code: string, apps: AppDeps['apps']): Promise<NewApp> => {
  const made = await apps.convert(code).catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error
    throw new Problem(503, error.code, `GitHub did not say what it made (${error.message}); ${START_AGAIN}`)
  })
  if (made) return made
  throw new Problem(
    422,
    'code_refused',
    `GitHub does not take this code: it was used, or is older than an hour; ${START_AGAIN}`,
  )
}

const START_AGAIN = 'delete the App at GitHub if it is there, and start again at /github/app'

const tooOld = () =>
  new Problem(
    403,
    'bad_state',
    `this was not begun here, was used already, or is older than ten minutes; ${START_AGAIN}`,
  )
