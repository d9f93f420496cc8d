import Type from 'typebox'
import { Value } from 'typebox/value'
import type { App, AppDeps } from '../deps.ts'
import { Problem } from '../errors.ts'
import { sha256 } from '../once.ts'
import { tellRerun } from '../reruns.ts'
import { Acknowledged } from '../schemas/answers.ts'
import { verifyGitHub } from '../signatures.ts'

/** What we read of a workflow_run delivery. Everything else in it, and whether it is true, is for the API to say. */
const RunHint = Type.Object({
  workflow_run: Type.Object({
    id: Type.Integer(),
    display_title: Type.Optional(Type.String()),
    run_attempt: Type.Optional(Type.Integer()),
  }),
  repository: Type.Object({ full_name: Type.String() }),
})

const DISPATCH_ID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,9}$/

/** GitHub's webhooks are hints: each is taken once, wakes its thread, and the thread reads the truth from the API. */
export const githubWebhookRoutes = (app: App, deps: AppDeps): void => {
  const { githubWebhookSecret, door } = deps
  if (githubWebhookSecret === null) return

  app.post(
    '/webhooks/github',
    { schema: { summary: 'GitHub webhooks, signed by GITHUB_WEBHOOK_SECRET', response: { 200: Acknowledged } } },
    async (request) => {
      const body = request.rawBody ?? Buffer.alloc(0)
      verifyGitHub(body, request.headers['x-hub-signature-256'], githubWebhookSecret)
      const event = request.headers['x-github-event']
      const delivery = String(request.headers['x-github-delivery'] ?? '').slice(0, 100)
      const threadId = event === 'workflow_run' ? await threadOf(request.body, deps) : null
      if (threadId === null) return ignored(`${event}: no thread waits for this`)
      if (Value.Check(RunHint, request.body)) await tellRerun(door, threadId, request.body.workflow_run)
      // Neither delivery id nor event name is signed: the body is part of what makes a delivery the same.
      const hash = sha256(body)
      const answer = { status: 200, body: { ok: true } }
      const fresh = await door.hint(threadId, { source: 'github', id: `${delivery}:${hash}`, body_hash: hash, answer })
      request.log.info({ thread_id: threadId, delivery_id: delivery, fresh }, 'github webhook')
      if (!fresh) return ignored('taken before')
      return { ok: true }
    },
  )
}

const ignored = (why: string) => ({ ok: true, ignored: why })

/** By the dispatch id that the run's name ends in, else by the run id that GitHub gave us. */
const threadOf = async (body: unknown, { policy, listing }: AppDeps): Promise<string | null> => {
  if (!Value.Check(RunHint, body)) throw new Problem(422, 'unknown_payload', 'this is no workflow_run payload')
  if (body.repository.full_name.toLowerCase() !== policy.repository.toLowerCase()) return null
  const [, named] = DISPATCH_ID.exec(body.workflow_run.display_title ?? '') ?? []
  return named ?? listing.threadOfRun(body.workflow_run.id)
}
