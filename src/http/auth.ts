import type { FastifyRequest } from 'fastify'
import type { Scope, Token } from '../agent/ports.ts'
import type { Actor } from '../thread/event.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'
import { actorOf, refuseJob } from './jobs.ts'
import type { JobClaims } from './oidc.ts'
import { scopesOf, sessionOf } from './sign-in/current.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the route's guard has let them in. */
    actor: Actor
    scopes: Scope[]
    /** What GitHub says of the job that asks; null: it is no job. */
    job: JobClaims | null
    /** The body as it came, which is what signatures and body hashes are made of. */
    rawBody: Buffer | null
  }
}

type Guard = (request: FastifyRequest) => Promise<void>

type Callers = Pick<AppDeps, 'auth' | 'tokens' | 'sessions' | 'publicUrl' | 'policy'>

/** Lets in who may do what the scopes say; any of them is enough. No job of GitHub Actions is let in by this. */
export const requireScope =
  (deps: Callers, ...scopes: Scope[]): Guard =>
  async (request) => {
    if (jobTokenOf(request) !== null) throw new Problem(403, 'not_for_jobs', `a job's token opens ${FOR_JOBS}, no more`)
    await enter(request, deps, scopes)
  }

const FOR_JOBS = 'POST /threads, GET /threads/:id, its events and POST /dispatches/:id/claim'

/** As `requireScope`, and besides the jobs of GitHub Actions that deploybot.yaml lets launch: they ask and read, and never approve. */
export const admitJobs =
  (deps: Callers & Pick<AppDeps, 'oidc' | 'policy'>, ...scopes: Scope[]): Guard =>
  async (request) => {
    const token = jobTokenOf(request)
    if (token === null) return enter(request, deps, scopes)
    const job = await deps.oidc.verify(token)
    refuseJob(job, deps.policy)
    request.job = job
    request.scopes = ['read', 'ask']
    request.actor = actorOf(job)
  }

/** Lets in jobs of GitHub Actions and nobody else; whose they are is for the caller to look at. */
export const requireJob =
  ({ oidc }: Pick<AppDeps, 'oidc'>): Guard =>
  async (request) => {
    const token = jobTokenOf(request)
    if (token === null) throw unauthorized('the OIDC token of a GitHub Actions job is needed')
    request.job = await oidc.verify(token)
    request.actor = actorOf(request.job)
  }

const enter = async (request: FastifyRequest, deps: Callers, scopes: Scope[]): Promise<void> => {
  if (deps.auth === 'local') return enterLocally(request)
  // Pages read by script with their own session; what changes something is a form, or has a token.
  if (request.headers.authorization === undefined && request.method === 'GET') {
    const session = await sessionOf(request, deps)
    if (session) return enterAs(session.person, request, deps, scopes)
  }
  const { tokens } = deps
  const token = await tokenOf(request, tokens)
  if (!scopes.some((scope) => token.scopes.includes(scope))) {
    throw new Problem(403, 'missing_scope', `this token lacks the scope ${scopes.join(' or ')}`)
  }
  request.scopes = token.scopes
  request.actor = token.person
    ? { kind: 'person', id: token.person, via: `token ${token.name}` }
    : { kind: 'caller', id: token.name, via: 'token' }
}

const enterAs = (person: string, request: FastifyRequest, deps: Callers, wanted: Scope[]): void => {
  request.scopes = scopesOf(person, deps)
  request.actor = { kind: 'person', id: person, via: 'page' }
  if (!wanted.some((scope) => request.scopes.includes(scope))) {
    throw new Problem(403, 'missing_scope', `you may not do this: it needs ${wanted.join(' or ')}`)
  }
}

/** A JWT has two dots, and our own tokens have none. Null: there is no JWT. */
const jobTokenOf = ({ headers }: FastifyRequest): string | null =>
  /^Bearer ([\w-]+\.[\w-]+\.[\w-]*)$/i.exec(headers.authorization ?? '')?.[1] ?? null

/** A yes, a no and an edit are a person's; words may come from any program that may ask. */
export const requireApprover = ({ auth }: Pick<AppDeps, 'auth'>, { scopes, actor }: FastifyRequest): void => {
  if (auth === 'local') return
  if (!scopes.includes('approve')) throw new Problem(403, 'missing_scope', 'this token lacks the scope approve')
  if (actor.kind !== 'person') throw new Problem(403, 'not_a_person', 'a token that is bound to nobody cannot decide')
}

/** Other instructions for a model are for whoever runs things here. */
export const requireOperator = ({ scopes }: FastifyRequest): void => {
  if (!scopes.includes('operate')) throw new Problem(403, 'missing_scope', 'another prompt needs the scope operate')
}

const LOOPBACK = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i

/**
 * Whoever reaches the loopback port is the person `local`. But a web page that somebody here looks at reaches it too:
 * its requests carry a foreign Origin, or (by DNS rebinding) a foreign Host.
 */
export const enterLocally = (request: FastifyRequest): void => {
  const { host = '', origin } = request.headers
  const site = request.headers['sec-fetch-site']
  const foreign = !LOOPBACK.test(host) || (origin !== undefined && !isLoopback(origin)) || site === 'cross-site'
  if (foreign) throw new Problem(403, 'foreign_origin', 'in local mode only programs and pages of this machine may ask')
  request.actor = { kind: 'person', id: 'local', via: 'http' }
  request.scopes = ['read', 'ask', 'approve', 'operate']
}

const isLoopback = (origin: string): boolean => URL.canParse(origin) && LOOPBACK.test(new URL(origin).host)

const tokenOf = async ({ headers }: FastifyRequest, tokens: AppDeps['tokens']): Promise<Token> => {
  const [, secret] = /^Bearer ([\w-]{20,200})$/i.exec(headers.authorization ?? '') ?? []
  const token = secret === undefined ? null : await tokens.find(secret)
  if (token) return token
  throw unauthorized('a valid bearer token is needed')
}

export const unauthorized = (detail: string): Problem =>
  new Problem(401, 'unauthorized', detail, { headers: { 'www-authenticate': 'Bearer realm="deploybot"' } })
