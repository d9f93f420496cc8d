import { fold } from '../../thread/evolve.ts'
import { Refused } from '../../thread/input.ts'
import { mergesAgain } from '../../thread/release/restart.ts'
import { viewOf } from '../../thread/view.ts'
import { requireScope } from '../auth.ts'
import type { App, AppDeps } from '../deps.ts'
import { describe } from '../describe.ts'
import { Problem } from '../errors.ts'
import { takenOnce } from '../once.ts'
import { ThreadBody } from '../schemas/answers.ts'
import { Nothing, ThreadId } from '../schemas/requests.ts'
import { eventsFor } from '../threads.ts'

const WORDS = 'Begin a release again that failed or was stopped: a new thread with the same merges and a fresh plan'

/** A release that a person begins again. One that is open in the same repository is in its way, as it is in the way of any other. */
export const restartRoutes = (app: App, deps: AppDeps): void => {
  app.post(
    '/threads/:id/restart',
    {
      preHandler: requireScope(deps, 'ask'),
      schema: {
        params: ThreadId,
        body: Nothing,
        ...describe(WORDS, 201, ThreadBody, 400, 401, 403, 404, 409),
      },
    },
    async (request, reply) => {
      const { actor } = request
      if (actor.kind !== 'person') throw new Problem(403, 'not_a_person', 'only a person begins a release again')
      const state = fold(await eventsFor(request, deps.log))
      if (!state) throw new Refused('unknown_thread', 'there is no such thread')
      const { id, title: message, reply_to } = state
      const launch = { type: 'launch', agent: 'release', message, merged: mergesAgain(state), actor } as const
      const more = { context: { restarts: id }, ...(reply_to ? { reply_to } : {}) }
      const view = viewOf(await deps.door.launch({ ...launch, ...more }, takenOnce(request, 201)))
      reply.code(201).header('location', `/threads/${view.id}`)
      return view
    },
  )
}
