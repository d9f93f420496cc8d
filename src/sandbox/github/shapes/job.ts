import type { components } from '@octokit/openapi-types'
import type { RunRecord, RunStatus } from '../state.ts'
import { workflowOf } from '../workflows.ts'
import type { World } from '../world.ts'
import { iso } from './commit.ts'
import { apiUrl } from './repository.ts'
import { runHtmlUrl, runUrl } from './run.ts'

/** The one job of a run, its steps told as far as they got. */
export const job = (world: World, run: RunRecord, status: RunStatus = run.status) => {
  const file = workflowOf(run.workflow)
  const id = run.id + 2
  return {
    id,
    run_id: run.id,
    run_url: runUrl(world, run.id),
    run_attempt: 1,
    node_id: `CR_${id}`,
    head_sha: run.sha,
    head_branch: run.branch,
    url: `${apiUrl(world)}/actions/jobs/${id}`,
    html_url: `${runHtmlUrl(world, run.id)}/job/${id}`,
    check_run_url: `${apiUrl(world)}/check-runs/${id}`,
    status,
    conclusion: status === 'completed' ? run.conclusion : null,
    created_at: iso(run.created_at),
    started_at: iso(status === 'queued' ? run.created_at : run.starts_at),
    completed_at: status === 'completed' ? iso(run.completes_at) : null,
    name: run.failing?.job ?? file.job,
    workflow_name: file.name,
    steps: status === 'queued' ? [] : steps(run, status, file.steps),
    labels: ['ubuntu-latest'],
    runner_id: status === 'queued' ? null : 1,
    runner_name: status === 'queued' ? null : 'sandbox-1',
    runner_group_id: status === 'queued' ? null : 1,
    runner_group_name: status === 'queued' ? null : 'Default',
  } satisfies components['schemas']['job']
}

type Step = NonNullable<components['schemas']['job']['steps']>[number]

const steps = (run: RunRecord, status: RunStatus, names: string[]): Step[] => {
  const failedAt = run.failing ? names.indexOf(run.failing.step) : -1
  const all = run.failing && failedAt < 0 ? [...names, run.failing.step] : names
  const bad = run.failing ? (failedAt < 0 ? all.length - 1 : failedAt) : -1
  return all.map((name, index) => ({
    name,
    number: index + 1,
    status: status === 'completed' ? 'completed' : index === 0 ? 'in_progress' : 'queued',
    conclusion: status === 'completed' ? outcomeOf(run, index, bad) : null,
    started_at: iso(run.starts_at),
    completed_at: status === 'completed' ? iso(run.completes_at) : null,
  }))
}

const outcomeOf = (run: RunRecord, index: number, bad: number): string => {
  if (run.conclusion === 'cancelled') return 'cancelled'
  if (bad < 0 || index < bad) return 'success'
  return index === bad ? 'failure' : 'skipped'
}
