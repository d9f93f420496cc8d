import { RequestError } from 'octokit'
import type { DispatchOrder, DispatchOutcome, GateAnswer } from '../agent/ports.ts'
import { GONE, goneInWords } from '../thread/gate/gate.ts'
import { outcomeOf, repoFor, unlessLate } from './dispatch.ts'
import { messageOf, toToolError } from './errors.ts'
import { pendingAt, runOf } from './gates.ts'
import { type Connect, here, type Repo } from './github.ts'

const PATH = '/deployment_protection_rule'
const route = `POST /repos/{owner}/{repo}/actions/runs/{run_id}${PATH}` as const
const SOON_MS = 2_000

/** Answers a run that waits at a gate with ONE POST, and says what is known of it. */
export const answerGate = async (
  connect: Connect,
  order: DispatchOrder,
  gate: GateAnswer,
  signal?: AbortSignal,
): Promise<DispatchOutcome> => {
  const repo = await repoFor(connect, order)
  if ('outcome' in repo) return repo
  try {
    return await post(repo, order, gate, signal)
  } catch (error) {
    if (error instanceof RequestError && error.status === 422) return notTaken(repo, order, gate, error)
    return outcomeOf(error, PATH)
  }
}

const post = async (
  repo: Repo,
  order: DispatchOrder,
  gate: GateAnswer,
  signal: AbortSignal | undefined,
): Promise<DispatchOutcome> => {
  const { run_id, state, comment, html_url } = gate
  const about = { run_id, environment_name: order.environment, state, comment }
  const request = { ...here, fetch: unlessLate(repo.octokit, signal) }
  const { status } = await repo.octokit.request(route, { owner: repo.owner, repo: repo.repo, ...about, request })
  if (Number(status) >= 300)
    return { outcome: 'refused', code: 'moved', message: `the repository has moved (${status})` }
  return { outcome: 'accepted', run_id, html_url }
}

/**
 * A gate takes one answer. Where an earlier one of ours was taken, though nobody heard so, the run is on its way. And GitHub has been
 * seen to say that nothing is pending a moment before something is: then the run still waits.
 */
const notTaken = async (
  repo: Repo,
  { environment }: DispatchOrder,
  { run_id, attempt, html_url, state }: GateAnswer,
  error: RequestError,
): Promise<DispatchOutcome> => {
  const message = messageOf(error)
  if (/already.*reviewed/i.test(message) && state === 'approved') return { outcome: 'accepted', run_id, html_url }
  try {
    const [run, asking] = await Promise.all([runOf(repo, run_id), pendingAt(repo, run_id)])
    const waits = run?.run_attempt === attempt && asking.includes(environment)
    if (!waits) return { outcome: 'refused', code: GONE, message: goneInWords({ run_id, environment }) }
    return /no pending/i.test(message)
      ? { outcome: 'deferred', retry_after_ms: SOON_MS, reason: message }
      : { outcome: 'refused', code: 'github_refused', message }
  } catch (failed) {
    const { message: reason, retryAfterMs } = toToolError(failed)
    return { outcome: 'deferred', retry_after_ms: retryAfterMs ?? SOON_MS, reason }
  }
}
