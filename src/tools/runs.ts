import type { Octokit } from 'octokit'
import type { DispatchOrder, GateAnswer } from '../agent/ports.ts'
import type { RunReport } from '../thread/event.ts'
import type { RunSeen } from '../thread/input.ts'
import { hasStatus, messageOf, orNull } from './errors.ts'
import { pendingAt } from './gates.ts'
import { here, type Repo } from './github.ts'
import { courseOf } from './jobs.ts'
import { statusOf } from './status.ts'

type Run = Awaited<ReturnType<Octokit['rest']['actions']['getWorkflowRun']>>['data']

const DAY = 86_400_000
const PAGES = 3

/** The run of a dispatch, by its number or else by its name. Null: GitHub does not show it (yet). */
export const verify = async (repo: Repo, order: DispatchOrder, runId: number | null): Promise<RunSeen | null> => {
  const run = await find(repo, order, runId)
  if (!run) return null
  const told = report(order.dispatch_id, run)
  return { ...told, ...(await courseOf(repo, told)) }
}

const find = (repo: Repo, order: DispatchOrder, runId: number | null): Promise<Run | null> => {
  if (order.gate) return atGate(repo, order, order.gate, runId === null)
  return runId === null ? byName(repo, order) : byId(repo, runId)
}

/** A run that was answered, in the attempt that was meant. Null: nobody knows whether the answer came through, and it still waits. */
const atGate = async (repo: Repo, order: DispatchOrder, gate: GateAnswer, unclear: boolean): Promise<Run | null> => {
  const { run_id, attempt } = gate
  const run = await byId(repo, run_id)
  if (run && (run.run_attempt ?? 1) !== attempt) return attemptOf(repo, run_id, attempt)
  return unclear && (await pendingAt(repo, run_id)).includes(order.environment) ? null : run
}

const attemptOf = async ({ octokit, owner, repo }: Repo, run_id: number, attempt_number: number) =>
  (await orNull(octokit.rest.actions.getWorkflowRunAttempt({ owner, repo, run_id, attempt_number })))?.data ?? null

const byId = async ({ octokit, owner, repo }: Repo, runId: number): Promise<Run | null> =>
  (await orNull(octokit.rest.actions.getWorkflowRun({ owner, repo, run_id: runId })))?.data ?? null

/** The oldest run of that name in the last day: where there are two, the first is the one that claimed the dispatch. */
const byName = async ({ octokit, owner, repo }: Repo, order: DispatchOrder): Promise<Run | null> => {
  const since = new Date(Date.now() - DAY).toISOString()
  const asked = {
    owner,
    repo,
    workflow_id: order.workflow,
    event: 'workflow_dispatch',
    created: `>=${since}`,
    per_page: 100,
  }
  const found: Run[] = []
  let page = 0
  for await (const { data } of octokit.paginate.iterator(octokit.rest.actions.listWorkflowRuns, asked)) {
    found.push(...data.filter(({ display_title }) => ` ${display_title}`.endsWith(` ${order.dispatch_id}`)))
    page += 1
    if (page === PAGES) break
  }
  return found.sort((a, b) => Number(a.id) - Number(b.id))[0] ?? null
}

const report = (dispatch_id: string, run: Run): RunReport => ({
  dispatch_id,
  run_id: Number(run.id),
  attempt: run.run_attempt ?? 1,
  status: statusOf(run.status),
  conclusion: run.conclusion,
  html_url: run.html_url,
})

/** Asks GitHub to stop a run, once. */
export const cancelRun = async ({ octokit, owner, repo }: Repo, runId: number) => {
  try {
    await octokit.rest.actions.cancelWorkflowRun({ owner, repo, run_id: runId, request: here })
    return { accepted: true, message: 'GitHub is cancelling the run' }
  } catch (error) {
    // It is over already.
    if (hasStatus(error, 409)) return { accepted: false, message: messageOf(error) }
    throw error
  }
}
