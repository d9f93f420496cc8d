import { createHash, randomBytes } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { setCookie } from './cookies.ts'

type Deps = Pick<AppDeps, 'signIn' | 'sessions' | 'publicUrl'>

/** Where GitHub sends the browser back to. */
export const backFrom = ({ publicUrl }: Pick<AppDeps, 'publicUrl'>): string => `${publicUrl}/login/github`

/** Sends the browser to GitHub to sign in, and from there to the page `to`. */
export const beginSignIn = async (reply: FastifyReply, to: string, deps: Deps): Promise<FastifyReply> => {
  const { signIn, sessions, publicUrl } = deps
  if (!signIn) throw new Problem(404, 'no_sign_in', 'nobody can sign in here: GITHUB_CLIENT_ID is not set')
  const [state, verifier] = [random(), random()]
  setCookie(reply, 'sign-in', await sessions.sealBegun({ state, verifier, to }), publicUrl)
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  return reply.redirect(signIn.begin({ back: backFrom(deps), state, challenge }), 303)
}

const random = (): string => randomBytes(32).toString('base64url')
