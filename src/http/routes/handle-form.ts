import type { FastifyReply, FastifyRequest } from 'fastify'
import { fold } from '../../thread/evolve.ts'
import type { Request } from '../../thread/input.ts'
import { openQuestion, type ThreadState } from '../../thread/state.ts'
import type { AppDeps } from '../deps.ts'
import { toProblem } from '../errors.ts'
import { refuseUnknownTag } from '../looked-up.ts'
import { sendPage } from '../pages/send.ts'
import type { Draft } from '../pages/thread/answer-forms.ts'
import { threadPage } from '../pages/thread/thread.ts'
import { beginSignIn } from '../sign-in/begin.ts'
import { carriedTo, carry } from '../sign-in/carried.ts'
import { dropCookie } from '../sign-in/cookies.ts'
import { eventsOf } from '../threads.ts'
import { refuseForeignForm } from '../viewer.ts'

type Asking = FastifyRequest<{ Params: { id: string }; Body: { form: string; message?: string; comment?: string } }>

/** Does it and shows the thread, or the page where it was done; where it may not be, the thread too, with why and what was written. */
export const createHandle =
  (deps: AppDeps) =>
  async (request: Asking, reply: FastifyReply, asked: Request, to = `/threads/${request.params.id}`) => {
    const { log, door, policy, publicUrl } = deps
    const { viewer, body, params } = request
    refuseForeignForm(request, body.form, deps)
    await eventsOf(log, params.id)
    try {
      if (asked.type === 'respond') await refuseUnknownTag(params.id, asked, deps)
      await door.handle(params.id, asked)
      if (await carriedTo(params.id, request, deps)) dropCookie(reply, 'draft', publicUrl)
      return reply.redirect(to, 303)
    } catch (error) {
      const problem = toProblem(error)
      if (problem.status >= 500) throw error
      const { events, now } = await log.load(params.id)
      const state = fold(events)
      if (state === null) throw error
      const draft = draftOf(asked, state, body.comment ?? '')
      if (problem.code === 'fresh_sign_in_needed' && draft && (await goesToSignIn(request, reply, draft, deps)))
        return beginSignIn(reply, `/threads/${params.id}`, deps)
      const kept = draft === null ? (body.message ?? body.comment ?? '') : ''
      return sendPage(
        reply.code(problem.status),
        threadPage({ state, events, viewer, policy, publicUrl, now, problem, kept, draft }),
      )
    }
  }

/** Whoever came by a session can sign in again, and their words come along; too many of them stay on the page. */
const goesToSignIn = async (
  { viewer, params }: Asking,
  reply: FastifyReply,
  draft: Draft,
  deps: AppDeps,
): Promise<boolean> => {
  if (!viewer.session || !deps.signIn) return false
  return carry(reply, { thread: params.id, person: viewer.session.person, draft }, deps)
}

/** What was written for a question that is still asked goes back to it; else it is kept as words. */
const draftOf = (asked: Request, state: ThreadState, comment: string): Draft | null => {
  if (asked.type !== 'respond' || openQuestion(state) !== asked.to) return null
  return { to: asked.to, comment, ...(asked.args ? { args: asked.args as Record<string, string> } : {}) }
}
