import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Scope } from '../agent/ports.ts'
import { enterLocally, requireScope, unauthorized } from './auth.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'
import { sendPage, wantsPage } from './pages/send.ts'
import { signInPage } from './pages/sign-in.ts'
import { scopesOf, sessionOf } from './sign-in/current.ts'
import type { Session } from './sign-in/sessions.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who looks at a page. */
    viewer: Viewer
  }
}

export interface Viewer {
  /** A key of `people`; null: a program with a token that is bound to nobody. */
  person: string | null
  scopes: readonly Scope[]
  /** What each form of theirs carries; null: a token needs none. */
  form: string | null
  /** Null: nobody signed in (local mode, tokens). */
  session: Session | null
}

type Deps = Pick<AppDeps, 'auth' | 'tokens' | 'sessions' | 'publicUrl' | 'policy' | 'signIn'>
const LOCAL = 'local'

/** Lets in who may look at pages, and sends everybody else to sign in. Forms must have been made for whoever sends them. */
export const requireViewer =
  (deps: Deps, ...scopes: Scope[]) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const viewer = await viewerOf(request, deps, scopes)
    if (viewer === null) return askToSignIn(request, reply, deps)
    if (!scopes.some((scope) => viewer.scopes.includes(scope))) {
      throw new Problem(403, 'missing_scope', `you may not do this here: it needs ${scopes.join(' or ')}`)
    }
    request.viewer = viewer
    return undefined
  }

/** Browsers that show pages come in as viewers, and programs as `programs` lets them. */
export const pageOr = (deps: Deps, programs: (request: FastifyRequest) => Promise<void>) => {
  const browsers = requireViewer(deps, 'read')
  return (request: FastifyRequest, reply: FastifyReply): Promise<unknown> =>
    wantsPage(request) ? browsers(request, reply) : programs(request)
}

/** Back to the page that was wanted. What was about to be sent is shown, for it would else be lost. */
const askToSignIn = (request: FastifyRequest, reply: FastifyReply, { signIn }: Deps): FastifyReply => {
  if (request.method === 'GET') return reply.redirect(`/login?to=${encodeURIComponent(request.url)}`, 303)
  const { message, comment } = (request.body ?? {}) as { message?: string; comment?: string }
  const to = request.url.replace(/\/[a-z]+$/, '') || '/'
  return sendPage(reply.code(401), signInPage({ to, possible: signIn !== null, unsent: message ?? comment ?? '' }))
}

const viewerOf = async (request: FastifyRequest, deps: Deps, scopes: Scope[]): Promise<Viewer | null> => {
  if (deps.auth === 'local') {
    enterLocally(request)
    return { person: LOCAL, scopes: request.scopes, form: deps.sessions.formToken(LOCAL), session: null }
  }
  if (request.headers.authorization !== undefined) {
    await requireScope(deps, ...scopes)(request)
    const { actor } = request
    return { person: actor.kind === 'person' ? actor.id : null, scopes: request.scopes, form: null, session: null }
  }
  const session = await sessionOf(request, deps)
  if (session === null && wantsPage(request)) return null
  if (session === null) throw unauthorized('a valid bearer token is needed, or a browser that is signed in')
  request.actor = { kind: 'person', id: session.person, via: 'page' }
  request.scopes = scopesOf(session.person, deps)
  return { person: session.person, scopes: request.scopes, form: deps.sessions.formToken(session.id), session }
}

/** A form of ours, sent from a page of ours, by whom it was made for. */
export const refuseForeignForm = ({ viewer, headers }: FastifyRequest, given: string, { sessions }: Deps): void => {
  const site = headers['sec-fetch-site']
  const id = viewer.session?.id ?? LOCAL
  const ours = site === undefined || site === 'same-origin' || site === 'none'
  if (viewer.form === null || (ours && sessions.isForm(id, given))) return
  throw new Problem(403, 'foreign_form', 'this form is too old, or not one of ours: load the page again')
}
