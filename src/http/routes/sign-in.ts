import formbody from '@fastify/formbody'
import Type from 'typebox'
import { type Account, ToolError } from '../../agent/ports.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { askerOf } from '../github/asker.ts'
import { sendPage } from '../pages/send.ts'
import { signInPage } from '../pages/sign-in.ts'
import { backFrom, beginSignIn } from '../sign-in/begin.ts'
import { cookieOf, dropCookie, setCookie } from '../sign-in/cookies.ts'
import { sessionOf } from '../sign-in/current.ts'
import { refuseForeignForm, requireViewer } from '../viewer.ts'

const To = Type.Object({ to: Type.Optional(Type.String({ maxLength: 2_000 })) }, { additionalProperties: false })
const Back = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 200 })),
  state: Type.Optional(Type.String({ maxLength: 200 })),
  error: Type.Optional(Type.String({ maxLength: 200 })),
})
const Leaving = Type.Object({ form: Type.String({ maxLength: 200 }) }, { additionalProperties: false })

/** A page of ours, by its path; whatever else is asked for leads home. */
const pathOf = (to = '/'): string => (/^\/(?![/\\])[\x21-\x7e]*$/.test(to) ? to : '/')

/** Signing in with GitHub, and out. What leads here by a link only shows a button: a page that somebody else made signs nobody in. */
export const signInRoutes = (app: App, deps: AppDeps): void => {
  const { signIn, sessions, publicUrl } = deps
  app.register((plain, _, done) => {
    const scope = plain as App
    scope.register(formbody)
    scope.get('/login', { schema: { hide: true, querystring: To } }, async ({ query }, reply) =>
      deps.auth === 'local'
        ? reply.redirect('/', 303)
        : sendPage(reply, signInPage({ to: pathOf(query.to), possible: signIn !== null })),
    )

    scope.post('/login', { schema: { hide: true, body: To } }, ({ body }, reply) =>
      beginSignIn(reply, pathOf(body.to), deps),
    )

    scope.get('/login/github', { schema: { hide: true, querystring: Back } }, async (request, reply) => {
      const begun = await sessions.openBegun(cookieOf(request, 'sign-in', publicUrl))
      dropCookie(reply, 'sign-in', publicUrl)
      const { code, state, error } = request.query
      if (!signIn || !begun || begun.state !== state) throw notBegun()
      if (code === undefined)
        throw new Problem(403, 'sign_in_refused', `GitHub did not sign you in (${error ?? 'no code'})`)
      const account = await accountOf(() => signIn.end({ code, verifier: begun.verifier, back: backFrom(deps) }))
      const person = await personOf(account, deps)
      const [before, now] = await Promise.all([sessionOf(request, deps), deps.log.now()])
      const again = before?.person === person ? { id: before.id } : {}
      const signed_in_at = Math.floor(Date.parse(now) / 1000)
      const session = await sessions.sealSession({ person, login: account.login, signed_in_at, ...again })
      setCookie(reply, 'session', session, publicUrl)
      request.log.info({ person, github_id: account.id }, 'signed in')
      return reply.redirect(begun.to, 303)
    })

    const guard = { preHandler: requireViewer(deps, 'read') }
    scope.post('/logout', { ...guard, schema: { hide: true, body: Leaving } }, async (request, reply) => {
      refuseForeignForm(request, request.body.form, deps)
      dropCookie(reply, 'session', publicUrl)
      return reply.redirect('/login', 303)
    })
    done()
  })
}

const notBegun = () =>
  new Problem(403, 'bad_state', 'this sign-in was not begun in this browser, or too long ago: start again')

const accountOf = async (ask: () => Promise<Account | null>): Promise<Account> => {
  const account = await ask().catch((error: unknown) => {
    if (!(error instanceof ToolError)) throw error
    throw new Problem(503, error.code, `${error.message}; try again`)
  })
  if (account) return account
  throw new Problem(403, 'sign_in_refused', 'GitHub does not take this code (any more): start again')
}

/** Whom deploybot.yaml names by this account, by its number where it says one, or by a team that it belongs to. */
const personOf = async ({ id, login }: Account, { policy, members }: AppDeps): Promise<string> => {
  const who = await askerOf(login, policy, members)
  const known = who.kind === 'person' ? who.id : null
  const number = known === null ? undefined : policy.people[known]?.github_id
  if (known !== null && (number === undefined || number === id)) return known
  throw new Problem(
    403,
    'stranger',
    `the account ${login} (number ${id}) is nobody in deploybot.yaml: ask to be added to people`,
  )
}
