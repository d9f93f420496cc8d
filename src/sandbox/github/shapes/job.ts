import type { components } from '@octokit/openapi-types'
import type { RunRecord, RunStatus } from '../state.ts'
import { claimJob, claimStep, workflowOf } from '../workflows.ts'
import type { World } from '../world.ts'
import { iso } from './commit.ts'
import { apiUrl } from './repository.ts'
import { runHtmlUrl, runUrl } from './run.ts'

/** The job of a run that a webhook tells of: the one that decides how it ends. */
export const job = (world: World, run: RunRecord, status: RunStatus = run.status) => {
  const names = namesOf(run)
  const decisive = run.failing ? names.indexOf(run.failing.job) : -1
  return oneJob(world, run, status, decisive < 0 ? names.length - 1 : decisive)
}

/** All jobs of a run, as far as they got: they share its time, one after the other. After one that failed the others are skipped. */
export const jobs = (world: World, run: RunRecord) =>
  namesOf(run).map((_, index) => oneJob(world, run, statusAt(world, run, index), index))

/** The job that asks the fence, by itself: the first one. */
export const firstJob = (world: World, run: RunRecord, status: RunStatus) => oneJob(world, run, status, 0)

const namesOf = (run: RunRecord): string[] => {
  const names = run.jobs ?? [workflowOf(run.workflow).job]
  return run.failing && !names.includes(run.failing.job) ? [...names.slice(0, -1), run.failing.job] : names
}

const slot = (run: RunRecord, index: number): { from: number; to: number } => {
  const each = (run.completes_at - run.starts_at) / namesOf(run).length
  return { from: run.starts_at + index * each, to: run.starts_at + (index + 1) * each }
}

const statusAt = (world: World, run: RunRecord, index: number): RunStatus => {
  if (run.status === 'waiting') return namesOf(run)[index] === claimJob ? 'completed' : 'waiting'
  if (run.status !== 'in_progress') return run.status
  if (run.claim?.state === 'owed') return index === 0 ? 'in_progress' : 'queued'
  const { from, to } = slot(run, index)
  if (world.now() < from) return 'queued'
  // The last one ends with its run.
  return world.now() < to || index === namesOf(run).length - 1 ? 'in_progress' : 'completed'
}

const oneJob = (world: World, run: RunRecord, status: RunStatus, index: number) => {
  const file = workflowOf(run.workflow)
  const attempt = run.attempt ?? 1
  const id = run.id * 1000 + attempt * 100 + index
  const { from, to } = slot(run, index)
  const conclusion = status === 'completed' ? conclusionOf(run, index) : null
  return {
    id,
    run_id: run.id,
    run_url: runUrl(world, run.id),
    run_attempt: attempt,
    node_id: `CR_${id}`,
    head_sha: run.sha,
    head_branch: run.branch,
    url: `${apiUrl(world)}/actions/jobs/${id}`,
    html_url: `${runHtmlUrl(world, run.id)}/job/${id}`,
    check_run_url: `${apiUrl(world)}/check-runs/${id}`,
    status,
    conclusion,
    created_at: iso(run.created_at),
    started_at: iso(status === 'queued' ? run.created_at : from),
    completed_at: status === 'completed' ? iso(to) : null,
    name: namesOf(run)[index] ?? file.job,
    workflow_name: file.name,
    steps: idle(run, status, conclusion) ? [] : steps(run, status, conclusion, stepsOf(run, index)),
    labels: ['ubuntu-latest'],
    runner_id: status === 'queued' ? null : 1,
    runner_name: status === 'queued' ? null : 'sandbox-1',
    runner_group_id: status === 'queued' ? null : 1,
    runner_group_name: status === 'queued' ? null : 'Default',
  } satisfies components['schemas']['job']
}

type JobConclusion = RunRecord['conclusion'] | 'skipped'

const conclusionOf = (run: RunRecord, index: number): JobConclusion => {
  if (!run.failing) return run.conclusion
  const failed = namesOf(run).indexOf(run.failing.job)
  if (index === failed) return run.conclusion
  return index < failed ? 'success' : 'skipped'
}

/** A job that no runner took up has no steps: also one that its gate did not let through. */
const idle = (run: RunRecord, status: RunStatus, conclusion: JobConclusion | null): boolean =>
  status === 'queued' || status === 'waiting' || conclusion === 'skipped' || gateShut(run, conclusion)

const gateShut = ({ gate }: RunRecord, conclusion: JobConclusion | null): boolean =>
  conclusion === 'failure' && gate?.state === 'rejected'

const stepsOf = (run: RunRecord, index: number): string[] =>
  namesOf(run)[index] === claimJob ? [claimStep] : workflowOf(run.workflow).steps

type Step = {
  name: string
  number: number
  status: 'queued' | 'in_progress' | 'completed'
  conclusion: 'success' | 'failure' | 'skipped' | 'cancelled' | null
  started_at: string
  completed_at: string | null
}

const steps = (run: RunRecord, status: RunStatus, conclusion: JobConclusion | null, names: string[]): Step[] => {
  const failing = conclusion === 'success' ? null : run.failing
  const all = failing && !names.includes(failing.step) ? [...names, failing.step] : names
  const bad = failing ? all.indexOf(failing.step) : -1
  return all.map((name, index) => ({
    name,
    number: index + 1,
    status: status === 'completed' ? 'completed' : index === 0 ? 'in_progress' : 'queued',
    conclusion: status === 'completed' ? outcomeOf(run, index, bad) : null,
    started_at: iso(run.starts_at),
    completed_at: status === 'completed' ? iso(run.completes_at) : null,
  }))
}

const outcomeOf = (run: RunRecord, index: number, bad: number): Step['conclusion'] => {
  if (run.conclusion === 'cancelled') return 'cancelled'
  if (bad < 0 || index < bad) return 'success'
  return index === bad ? 'failure' : 'skipped'
}
