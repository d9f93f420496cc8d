import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AppDeps } from '../deps.ts'
import type { Draft } from '../pages/thread/answer-forms.ts'
import { cookieOf, setCookie } from './cookies.ts'

type Deps = Pick<AppDeps, 'sessions' | 'publicUrl'>

// Browsers take 4,096 bytes with the name; words of some 2,500 letters fit.
const MOST_BYTES = 3_900

/** Takes along through a sign-in, in a cookie of ten minutes, what was about to be answered. False: it is too long for one. */
export const carry = async (
  reply: FastifyReply,
  carried: { thread: string; person: string; draft: Draft },
  { sessions, publicUrl }: Deps,
): Promise<boolean> => {
  const sealed = await sessions.sealCarried(carried)
  if (sealed.length > MOST_BYTES) return false
  setCookie(reply, 'draft', sealed, publicUrl)
  return true
}

/** What this person was about to answer in that thread when they had to sign in again; null: nothing. */
export const carriedTo = async (thread: string, request: FastifyRequest, deps: Deps): Promise<Draft | null> => {
  const carried = await deps.sessions.openCarried(cookieOf(request, 'draft', deps.publicUrl))
  return carried?.thread === thread && carried.person === request.viewer.person ? carried.draft : null
}
