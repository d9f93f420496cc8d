import { createHmac, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { signatureOf } from '../../support/standard-webhook.ts'
import type { Acknowledged } from '../invariants.ts'
import type { Replica } from './replica.ts'
import { GITHUB_SECRET, HUMAN_SECRET, SERVICES, type World } from './world.ts'

const ATTEMPT_MS = 4_000
const PATIENCE_MS = 40_000
// Said while the service, its database or its start is away; anything else is an answer.
const LATER = 503

export interface Answer {
  status: number
  body: { id?: string; ok?: boolean; ignored?: string; code?: string }
  replayed: boolean
  /** How often it was sent until it was answered. */
  tries: number
}

/** A client as it should be: it sends again, under the same key, what was not answered, and remembers what was promised. */
export const createDriver = (world: World) => {
  const acknowledged: Acknowledged[] = []
  const surprises: string[] = []
  const alive = (): Replica[] => world.replicas.filter(({ state }) => state.alive)

  const attempt = async (replica: Replica, path: string, body: string, headers: Record<string, string>) => {
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }
    const answer = await fetch(`${replica.state.url}${path}`, { ...init, signal: AbortSignal.timeout(ATTEMPT_MS) })
    const text = await answer.text()
    const replayed = answer.headers.has('idempotency-replayed')
    return { status: answer.status, body: text ? JSON.parse(text) : {}, replayed, tries: 1 } as Answer
  }

  /** Until it is answered. The first try goes to `first`, the others to whoever lives. */
  const send = async (
    path: string,
    body: string,
    headers: Record<string, string>,
    first?: Replica,
  ): Promise<Answer> => {
    const deadline = Date.now() + PATIENCE_MS
    for (let tries = 0; Date.now() < deadline; tries++) {
      const living = alive()
      const replica = tries === 0 && first?.state.alive ? first : living[tries % Math.max(1, living.length)]
      const answer = replica ? await attempt(replica, path, body, headers).catch(() => null) : null
      if (answer && answer.status !== LATER) {
        if (answer.status >= 500) surprises.push(`${path} was answered ${answer.status} ${answer.body.code}`)
        return { ...answer, tries: tries + 1 }
      }
      await sleep(50)
    }
    throw new Error(`no answer to ${path}`)
  }

  const keyed = (path: string, body: object, first?: Replica, key: string = randomUUID()) =>
    send(path, JSON.stringify(body), { 'idempotency-key': key }, first)

  let launches = 0
  const launch = async (
    words: string,
    first?: Replica,
    more: { context?: object; reply_to?: object; shared?: boolean } = {},
  ) => {
    const mark = randomUUID()
    const { context = {}, shared: _, ...rest } = more
    // Each thread has a service of its own, unless the trial is about what befalls threads that share one.
    const service = SERVICES[launches++ % SERVICES.length] ?? ''
    const message = more.shared ? words : words.replace('backend', service)
    const request = { message, context: { ...context, mark }, ...rest }
    const { status, body } = await keyed('/threads', request, first, mark)
    if (status !== 201 || !body.id) throw new Error(`a launch was answered ${status} ${body.code}`)
    acknowledged.push({ kind: 'launched', thread: body.id, mark })
    // Sent once more, as an impatient client does: the answer must be the same.
    return { id: body.id, again: () => keyed('/threads', request, first, mark) }
  }

  /** `twice`: sent once more after it was answered, as an impatient client does. */
  const decide = async (
    thread: string,
    to: number,
    approved: boolean,
    first?: Replica,
    twice = false,
  ): Promise<Answer> => {
    const send = () => keyed(`/threads/${thread}/responses`, { to, approved }, first, `${thread}-${to}-${approved}`)
    const answer = await send()
    if (answer.status === 202) acknowledged.push({ kind: approved ? 'approved' : 'denied', thread, to, by: 'local' })
    if (twice && (await send()).status !== answer.status) surprises.push('a second try was answered otherwise')
    return answer
  }

  const human = (payload: object, first?: Replica, id = `msg_${randomUUID()}`): Promise<Answer> => {
    const body = JSON.stringify(payload)
    return send('/webhooks/human', body, signatureOf(HUMAN_SECRET, body, { id }), first)
  }

  /** A decision by somebody else than `local`, through the door that other services use. */
  const decideAs = async (by: string, thread: string, to: number, approved: boolean, first?: Replica) => {
    const spec = { state: { thread_id: thread, seq: to } }
    const status = { approved, user_info: { email: `${by}@acme.test` } }
    const answer = await human({ type: 'function_call.completed', event: { spec, status } }, first)
    if (answer.status === 200) acknowledged.push({ kind: approved ? 'approved' : 'denied', thread, to, by })
    return answer
  }

  return {
    acknowledged,
    surprises,
    launch,
    decide,
    decideAs,
    human,
    say: async (thread: string, message: string, first?: Replica): Promise<Answer> => {
      const answer = await keyed(`/threads/${thread}/messages`, { message }, first)
      if (answer.status === 202) acknowledged.push({ kind: 'said', thread, message })
      return answer
    },
    /** Answers an offer by one of its choices. */
    choose: (thread: string, to: number, choice: string, first?: Replica): Promise<Answer> =>
      keyed(`/threads/${thread}/responses`, { to, choice }, first, `${thread}-${to}`),
    cancel: async (thread: string, first?: Replica): Promise<Answer> => {
      const answer = await keyed(`/threads/${thread}/cancel`, {}, first)
      if (answer.status === 202) acknowledged.push({ kind: 'cancelled', thread })
      return answer
    },
    github: (payload: object, delivery: string, first?: Replica): Promise<Answer> => {
      const body = JSON.stringify(payload)
      const signature = `sha256=${createHmac('sha256', GITHUB_SECRET).update(body).digest('hex')}`
      const headers = {
        'x-github-event': 'workflow_run',
        'x-github-delivery': delivery,
        'x-hub-signature-256': signature,
      }
      return send('/webhooks/github', body, headers, first)
    },
  }
}

export type Driver = ReturnType<typeof createDriver>
