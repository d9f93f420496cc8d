import formbody from '@fastify/formbody'
import type { Static } from 'typebox'
import type { Response } from '../../thread/input.ts'
import { requireApprover, requireOperator } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { AnswerForm, EditForm, ForkForm, StopForm, WordsForm } from '../schemas/forms.ts'
import { ThreadId } from '../schemas/requests.ts'
import { signedInAt } from '../sign-in/sessions.ts'
import { eventsOf } from '../threads.ts'
import { refuseForeignForm, requireViewer } from '../viewer.ts'
import { createHandle } from './handle-form.ts'

/** What people do on pages: the same requests through the same door as everybody's, as forms, so that they need no script. */
export const formRoutes = (app: App, deps: AppDeps): void => {
  app.register((plain, _, done) => {
    const scope = plain as App
    scope.register(formbody)
    beginnings(scope, deps)
    requests(scope, deps)
    done()
  })
}

const about = <Body>(body: Body) => ({ hide: true, params: ThreadId, body })

/** What makes a thread: words, or another thread. */
const beginnings = (scope: App, deps: AppDeps): void => {
  const { door, log } = deps
  const asking = { preHandler: requireViewer(deps, 'ask') }

  scope.post('/asks', { ...asking, schema: { hide: true, body: WordsForm } }, async (request, reply) => {
    refuseForeignForm(request, request.body.form, deps)
    const { message } = request.body
    if (message.trim() === '') throw new Problem(422, 'empty_message', 'say what should happen')
    const [first] = await door.launch({ type: 'launch', agent: 'deploy', message, actor: request.actor })
    return reply.redirect(`/threads/${first?.thread_id}`, 303)
  })

  scope.post('/threads/:id/forks', { ...asking, schema: about(ForkForm) }, async (request, reply) => {
    refuseForeignForm(request, request.body.form, deps)
    const { at, message = '', prompt = '' } = request.body
    if (prompt.trim() !== '') requireOperator(request)
    await eventsOf(log, request.params.id)
    const [words, told] = [message.trim() === '' ? {} : { message }, prompt.trim() === '' ? {} : { prompt }]
    const [first] = await door.fork(request.params.id, { at: Number(at), ...words, ...told }, request.actor)
    return reply.redirect(`/threads/${first?.thread_id}`, 303)
  })
}

/** What is asked of a thread that exists. */
const requests = (scope: App, deps: AppDeps): void => {
  const asking = { preHandler: requireViewer(deps, 'ask') }
  const operating = { preHandler: requireViewer(deps, 'operate') }
  const handle = createHandle(deps)

  scope.post('/threads/:id/answers', { ...asking, schema: about(AnswerForm) }, (request, reply) => {
    const given = responseIn(request.body)
    if (given.approved !== undefined || given.withdrawn) requireApprover(deps, request)
    const signed_in_at = signedInAt(request.viewer.session)
    const proof = signed_in_at === undefined ? {} : { signed_in_at }
    const asked = { type: 'respond', actor: request.actor, ...given, ...proof } as const
    return handle(request, reply, asked, request.body.back)
  })
  scope.post('/threads/:id/edits', { ...asking, schema: about(EditForm) }, (request, reply) => {
    requireApprover(deps, request)
    const { form: _, to, back, comment = '', ...args } = request.body
    const asked = { type: 'respond', actor: request.actor, to: Number(to), args, comment } as const
    return handle(request, reply, asked, back)
  })
  scope.post('/threads/:id/words', { ...asking, schema: about(WordsForm) }, (request, reply) =>
    handle(request, reply, { type: 'message', message: request.body.message, actor: request.actor }),
  )
  scope.post('/threads/:id/stop', { ...operating, schema: about(StopForm) }, (request, reply) =>
    handle(request, reply, { type: 'cancel', reason: request.body.reason ?? '', actor: request.actor }),
  )
}

const responseIn = ({ to, comment = '', choice, answer }: Static<typeof AnswerForm>): Response => {
  const words = comment.trim() === '' ? {} : { comment }
  const about = { to: Number(to), ...words }
  // Words beside a choice are part of the answer: which run it was.
  if (choice !== undefined)
    return { to: about.to, choice, ...(comment.trim() === '' ? {} : { response: comment.trim() }) }
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
