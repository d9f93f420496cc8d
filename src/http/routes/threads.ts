import type { Json } from '../../thread/event.ts'
import { fold } from '../../thread/evolve.ts'
import { transcript } from '../../thread/transcript.ts'
import { viewOf } from '../../thread/view.ts'
import { admitJobs, requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { takenOnce } from '../once.ts'
import { sendPage, wantsPage } from '../pages/send.ts'
import { threadPage } from '../pages/thread/thread.ts'
import { createListPage } from '../pages/threads/list.ts'
import { replyTo } from '../reply-to.ts'
import { ThreadBody, ThreadList } from '../schemas/answers.ts'
import { ThreadQuery } from '../schemas/pages.ts'
import { ListQuery, NewThread, ThreadId } from '../schemas/requests.ts'
import { carriedTo } from '../sign-in/carried.ts'
import { eventsFor } from '../threads.ts'
import { pageOr } from '../viewer.ts'

const DEFAULT_LIMIT = 20

/** Launch, list, look at. */
export const threadRoutes = (app: App, deps: AppDeps): void => {
  const { door, log, listing } = deps
  const list = createListPage(deps)

  app.post(
    '/threads',
    {
      preHandler: admitJobs(deps, 'ask'),
      schema: { body: NewThread, ...describe('Launch a thread', 201, ThreadBody, 400, 401, 403, 422) },
    },
    async (request, reply) => {
      const { message, agent = 'deploy', context, reply_to } = request.body
      const events = await door.launch(
        {
          type: 'launch',
          agent,
          message,
          actor: request.actor,
          ...(context ? { context: context as Json } : {}),
          ...(reply_to ? { reply_to: await replyTo(reply_to, request, deps) } : {}),
        },
        takenOnce(request, 201),
      )
      const view = viewOf(events)
      reply.code(201).header('location', `/threads/${view.id}`)
      return view
    },
  )

  app.get(
    '/threads',
    {
      preHandler: pageOr(deps, requireScope(deps, 'read')),
      schema: { querystring: ListQuery, ...describe('List threads, newest first', 200, ThreadList, 400, 401, 403) },
    },
    async (request, reply) => {
      const { limit, ...given } = request.query
      if (wantsPage(request)) return list(given, request, reply)
      return listing.list({ ...given, limit: limit === undefined ? DEFAULT_LIMIT : Number(limit) })
    },
  )

  app.get(
    '/threads/:id',
    {
      preHandler: pageOr(deps, admitJobs(deps, 'read')),
      schema: {
        params: ThreadId,
        querystring: ThreadQuery,
        ...describe('Look at a thread; Accept: text/markdown gives a transcript', 200, ThreadBody, 401, 403, 404),
      },
    },
    async (request, reply) => {
      const events = await eventsFor(request, log)
      const { as, all, fork } = request.query
      const state = wantsPage(request) && as === undefined ? fold(events) : null
      if (state !== null) {
        const shown = { state, events, viewer: request.viewer, policy: deps.policy, publicUrl: deps.publicUrl }
        const draft = await carriedTo(state.id, request, deps)
        const forkAt = fork === undefined ? null : Number(fork)
        return sendPage(reply, threadPage({ ...shown, now: await log.now(), all: all !== undefined, forkAt, draft }))
      }
      if (as === 'json' || !(as === 'markdown' || wantsMarkdown(request.headers.accept))) return viewOf(events)
      return reply.type('text/markdown; charset=utf-8').serializer(String).send(transcript(events))
    },
  )
}

const wantsMarkdown = (accept = ''): boolean => /\btext\/markdown\b/.test(accept)
