import type { FastifyRequest } from 'fastify'
import type { Scope } from '../../agent/ports.ts'
import { approversIn } from '../../thread/policy.ts'
import type { AppDeps } from '../deps.ts'
import { cookieOf } from './cookies.ts'
import type { Session } from './sessions.ts'

type Deps = Pick<AppDeps, 'sessions' | 'publicUrl' | 'policy'>

/** Whoever was taken out of deploybot.yaml is signed out by that. */
export const sessionOf = async (
  request: FastifyRequest,
  { sessions, publicUrl, policy }: Deps,
): Promise<Session | null> => {
  const session = await sessions.openSession(cookieOf(request, 'session', publicUrl))
  return session && Object.hasOwn(policy.people, session.person) ? session : null
}

/** People look and ask; what they may approve is for the thread to say. Whoever approves somewhere may stop and unlock things too. */
export const scopesOf = (person: string, { policy }: Pick<Deps, 'policy'>): Scope[] =>
  approversIn(policy).includes(person) ? ['read', 'ask', 'approve', 'operate'] : ['read', 'ask', 'approve']
