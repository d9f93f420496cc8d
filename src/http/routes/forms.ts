import formbody from '@fastify/formbody'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { fold } from '../../thread/evolve.ts'
import type { Request, Response } from '../../thread/input.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem, toProblem } from '../errors.ts'
import { sendPage } from '../pages/send.ts'
import { threadPage } from '../pages/thread/thread.ts'
import { AnswerForm, StopForm, WordsForm } from '../schemas/forms.ts'
import { ThreadId } from '../schemas/requests.ts'
import { eventsOf } from '../threads.ts'
import { refuseForeignForm, requireViewer } from '../viewer.ts'

type Asking = FastifyRequest<{ Params: { id: string }; Body: { form: string } }>

/** What people do on pages: the same requests through the same door as everybody's, as forms, so that they need no script. */
export const formRoutes = (app: App, deps: AppDeps): void => {
  const { door } = deps
  app.register((plain, _, done) => {
    const scope = plain as App
    scope.register(formbody)
    const asking = { preHandler: requireViewer(deps, 'ask') }
    const hidden = { hide: true }

    scope.post('/asks', { ...asking, schema: { ...hidden, body: WordsForm } }, async (request, reply) => {
      refuseForeignForm(request, request.body.form, deps)
      const message = request.body.message
      if (message.trim() === '') throw new Problem(422, 'empty_message', 'say what should happen')
      const [first] = await door.launch({ type: 'launch', agent: 'deploy', message, actor: request.actor })
      return reply.redirect(`/threads/${first?.thread_id}`, 303)
    })

    /** Does it and shows the thread; where it may not be, the thread too, with why. */
    const handle = async (request: Asking, reply: FastifyReply, asked: Request) => {
      const { id } = request.params
      refuseForeignForm(request, request.body.form, deps)
      const events = await eventsOf(deps.log, id)
      try {
        await door.handle(id, asked)
        return reply.redirect(`/threads/${id}`, 303)
      } catch (error) {
        const problem = toProblem(error)
        if (problem.status >= 500) throw error
        const { events: now } = await deps.log.load(id)
        const state = fold(now.length > 0 ? now : events)
        if (state === null) throw error
        return sendPage(reply.code(problem.status), threadPage({ state, events: now, viewer: request.viewer, problem }))
      }
    }

    const about = <Body>(body: Body) => ({ ...hidden, params: ThreadId, body })
    scope.post('/threads/:id/answers', { ...asking, schema: about(AnswerForm) }, (request, reply) =>
      handle(request, reply, { type: 'respond', actor: request.actor, ...responseIn(request.body) }),
    )
    scope.post('/threads/:id/words', { ...asking, schema: about(WordsForm) }, (request, reply) =>
      handle(request, reply, { type: 'message', message: request.body.message, actor: request.actor }),
    )
    const operating = { preHandler: requireViewer(deps, 'operate') }
    scope.post('/threads/:id/stop', { ...operating, schema: about(StopForm) }, (request, reply) =>
      handle(request, reply, { type: 'cancel', reason: request.body.reason ?? '', actor: request.actor }),
    )
    done()
  })
}

const responseIn = ({ to, comment = '', choice, answer }: Static<typeof AnswerForm>): Response => {
  const words = comment.trim() === '' ? {} : { comment }
  const about = { to: Number(to), ...words }
  if (choice !== undefined) return { ...about, choice }
  switch (answer) {
    case 'approve':
    case 'yes':
      return { ...about, approved: true }
    case 'reject':
    case 'no':
      return { ...about, approved: false }
    case 'withdraw':
      return { ...about, withdrawn: true }
    default:
      return { ...about, response: comment }
  }
}
