import { RequestError } from 'octokit'
import type { DispatchOrder, DispatchOutcome } from '../agent/ports.ts'
import { messageOf, retryAfterOf, systemCodeOf, toToolError } from './errors.ts'
import { type Connect, here, type Repo } from './github.ts'

/** Starts the workflow with ONE POST and says what is known of it. GitHub has no idempotency key: what is unclear is never sent again. */
export const dispatch = async (
  connect: Connect,
  order: DispatchOrder,
  signal?: AbortSignal,
): Promise<DispatchOutcome> => {
  const repo = await repoFor(connect, order)
  if ('outcome' in repo) return repo
  try {
    return await post(repo, order, { return_run_details: true }, signal)
  } catch (error) {
    // Enterprise Server up to 3.20 refuses the field, so nothing runs yet and this second POST is the first that can count.
    if (refusesRunDetails(error)) return post(repo, order, {}, signal).catch((late) => outcomeOf(late, PATH))
    return outcomeOf(error, PATH)
  }
}

/** Where an order goes; an outcome: GitHub could not be reached for that, so nothing was sent. */
export const repoFor = async (connect: Connect, { repository }: DispatchOrder): Promise<Repo | DispatchOutcome> => {
  try {
    return await connect(repository)
  } catch (error) {
    return unsent(error)
  }
}

const PATH = '/dispatches'
const route = `POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}${PATH}` as const

const post = async (
  repo: Repo,
  order: DispatchOrder,
  more: { return_run_details?: true },
  signal: AbortSignal | undefined,
): Promise<DispatchOutcome> => {
  const { dispatch_id, service, environment, tag, sha, ref, workflow } = order
  const inputs = { dispatch_id, service, environment, tag, sha }
  const place = { owner: repo.owner, repo: repo.repo, workflow_id: workflow }
  const request = { ...here, fetch: unlessLate(repo.octokit, signal) }
  const answer = await repo.octokit.request(route, { ...place, ref, inputs, ...more, request })
  return answered(answer)
}

// Octokit may hold a write back for a second each, and a process may be stopped meanwhile. Others look for the run for five minutes
// and then ask a person, who may say "again": a POST that leaves after that would be a second one.
const LATEST_MS = 2 * 60_000
const HELD_BACK = 'HELD_BACK'

/**
 * Sends, unless it should have been sent long ago, or this process stops meanwhile. By the wall clock: the other one stands still while
 * a machine sleeps.
 */
export const unlessLate = (octokit: Repo['octokit'], signal: AbortSignal | undefined): typeof fetch => {
  const asked = Date.now()
  const { fetch: send = fetch } = octokit.request.endpoint.DEFAULTS.request as { fetch?: typeof fetch }
  return async (input, init) => {
    if (signal?.aborted || Date.now() - asked > LATEST_MS)
      throw Object.assign(new Error('it was held back'), { code: HELD_BACK })
    return send(input, init)
  }
}

const answered = ({ status, data }: { status: number; data: unknown }): DispatchOutcome => {
  if (status >= 300) return { outcome: 'refused', code: 'moved', message: `the repository has moved (${status})` }
  const told = typeof data === 'object' && data !== null ? data : {}
  return {
    outcome: 'accepted',
    run_id: 'workflow_run_id' in told ? Number(told.workflow_run_id) || null : null,
    html_url: 'html_url' in told ? String(told.html_url) : null,
  }
}

const refusesRunDetails = (error: unknown): boolean =>
  error instanceof RequestError && [400, 422].includes(error.status) && messageOf(error).includes('return_run_details')

/** What a write that failed has come to. `path`: what its address ends in. */
export const outcomeOf = (error: unknown, path: string): DispatchOutcome => {
  if (!(error instanceof RequestError)) return { outcome: 'unclear', reason: toToolError(error).message }
  // The App's token could not be had: our POST was never made.
  if (!error.request.url.endsWith(path)) return unsent(error)
  if (!error.response && systemCodeOf(error) === HELD_BACK)
    return {
      outcome: 'deferred',
      retry_after_ms: 0,
      reason: 'it was not sent: the process that was to send it stopped',
    }
  if (!error.response) return neverConnected.has(systemCodeOf(error)) ? unsent(error) : unclear(error)
  const wait = retryAfterOf(error)
  if (wait !== undefined) return { outcome: 'deferred', retry_after_ms: wait, reason: messageOf(error) }
  // 408 comes from something between us and GitHub, and says nothing about GitHub.
  if (error.status >= 500 || error.status === 408) return unclear(error)
  const { code, message } = toToolError(error)
  return { outcome: 'refused', code, message }
}

/** Not a byte of the request left: no connection came about. */
const neverConnected = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

const unclear = (error: RequestError): DispatchOutcome => ({ outcome: 'unclear', reason: toToolError(error).message })

/** Nothing was sent: either it can be later, or there is no use in trying. */
export const unsent = (error: unknown): DispatchOutcome => {
  const { code, message, retryAfterMs } = toToolError(error)
  if (retryAfterMs === undefined) return { outcome: 'refused', code, message }
  return { outcome: 'deferred', retry_after_ms: retryAfterMs, reason: message }
}
