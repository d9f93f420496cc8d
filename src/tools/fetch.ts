import { setTimeout as sleep } from 'node:timers/promises'
import { systemCodeOf } from './errors.ts'
import { asStatus, isGraphql } from './graphql-status.ts'
import { withBody } from './with-body.ts'

/** The deadline starts when a request leaves: one that octokit holds back for a second must not time out unsent. */
export const fetchWithin =
  (ms: number): typeof fetch =>
  (input, init) => {
    const send = async () => whole(await fetch(input, { ...init, signal: AbortSignal.timeout(ms) }), isGraphql(input))
    // GraphQL only ever reads here, though it is sent by POST.
    return init?.method === 'GET' || isGraphql(input) ? askTwice(send) : send()
  }

/** Read to its last byte here: a body that breaks off would be an empty one to octokit, and no run in it means "none". */
const whole = async (response: Response, graphql: boolean): Promise<Response> => {
  if (response.body === null) return response
  return graphql ? asStatus(response, await response.text()) : withBody(response, await response.arrayBuffer())
}

/** A reading that fails may be asked for once more; one that hung has taken long enough. */
const askTwice = async (send: () => Promise<Response>): Promise<Response> => {
  const first = await send().catch((error: unknown) => {
    if (systemCodeOf(error) === 'TIMEOUT') throw error
  })
  if (first && first.status < 500) return first
  await sleep(500)
  return send()
}
