import type { FastifyRequest } from 'fastify'
import type { Scope, Token } from '../agent/ports.ts'
import type { Actor } from '../thread/event.ts'
import type { AppDeps } from './deps.ts'
import { Problem } from './errors.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, once the route's guard has let them in. */
    actor: Actor
    scopes: Scope[]
    /** The body as it came, which is what signatures and body hashes are made of. */
    rawBody: Buffer | null
  }
}

type Guard = (request: FastifyRequest) => Promise<void>

/** Lets in who may do what the scopes say; any of them is enough. */
export const requireScope =
  ({ auth, tokens }: Pick<AppDeps, 'auth' | 'tokens'>, ...scopes: Scope[]): Guard =>
  async (request) => {
    if (auth === 'local') return enterLocally(request)
    const token = await tokenOf(request, tokens)
    if (!scopes.some((scope) => token.scopes.includes(scope))) {
      throw new Problem(403, 'missing_scope', `this token lacks the scope ${scopes.join(' or ')}`)
    }
    request.scopes = token.scopes
    request.actor = token.person
      ? { kind: 'person', id: token.person, via: `token ${token.name}` }
      : { kind: 'caller', id: token.name, via: 'token' }
  }

/** A yes, a no and an edit are a person's; words may come from any program that may ask. */
export const requireApprover = ({ auth }: Pick<AppDeps, 'auth'>, { scopes, actor }: FastifyRequest): void => {
  if (auth === 'local') return
  if (!scopes.includes('approve')) throw new Problem(403, 'missing_scope', 'this token lacks the scope approve')
  if (actor.kind !== 'person') throw new Problem(403, 'not_a_person', 'a token that is bound to nobody cannot decide')
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
  throw new Problem(401, 'unauthorized', 'a valid bearer token is needed', {
    headers: { 'www-authenticate': 'Bearer realm="deploybot"' },
  })
}
