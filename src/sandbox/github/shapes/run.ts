import type { components } from '@octokit/openapi-types'
import { commitBySha } from '../graph.ts'
import type { RunRecord, RunStatus } from '../state.ts'
import { type WorkflowFile, workflowOf } from '../workflows.ts'
import type { World } from '../world.ts'
import { iso, simpleCommit } from './commit.ts'
import { apiUrl, htmlUrl, minimalRepository } from './repository.ts'
import { caller } from './user.ts'

export const runUrl = (world: World, id: number): string => `${apiUrl(world)}/actions/runs/${id}`
export const runHtmlUrl = (world: World, id: number): string => `${htmlUrl(world)}/actions/runs/${id}`

export const workflow = (world: World, file: WorkflowFile) =>
  ({
    id: file.id,
    node_id: `W_${file.id}`,
    name: file.name,
    path: `.github/workflows/${file.file}`,
    state: 'active',
    created_at: '2026-02-09T08:00:00Z',
    updated_at: '2026-02-09T08:00:00Z',
    url: `${apiUrl(world)}/actions/workflows/${file.id}`,
    html_url: `${htmlUrl(world)}/blob/main/.github/workflows/${file.file}`,
    badge_url: `${htmlUrl(world)}/workflows/${encodeURIComponent(file.name)}/badge.svg`,
  }) satisfies components['schemas']['workflow']

const updatedAt = (run: RunRecord, status: RunStatus): number => {
  const waiting = run.gate?.since ?? run.starts_at
  return { queued: startedAt(run), waiting, in_progress: run.starts_at, completed: run.completes_at }[status]
}

const startedAt = (run: RunRecord): number => run.queued_at ?? run.created_at

/** A run as it was when it had this status: now, or when a webhook about it fell due. */
export const workflowRun = <S extends RunStatus = RunStatus>(
  world: World,
  run: RunRecord,
  status: S = run.status as S,
) => {
  const commit = commitBySha(world.state, run.sha)
  if (!commit) throw new Error(`the sandbox has lost commit ${run.sha}`)
  const file = workflowOf(run.workflow)
  const shown = {
    id: run.id,
    name: file.name,
    node_id: `WFR_${run.id}`,
    ...checkSuite(world, run),
    head_branch: run.branch,
    head_sha: run.sha,
    head_commit: simpleCommit(commit),
    path: `.github/workflows/${run.workflow}`,
    display_title: run.title,
    run_number: run.number,
    run_attempt: run.attempt ?? 1,
    event: 'workflow_dispatch',
    status,
    conclusion: status === 'completed' ? run.conclusion : null,
    workflow_id: file.id,
    workflow_url: `${apiUrl(world)}/actions/workflows/${file.id}`,
    ...links(world, run.id),
    previous_attempt_url: previous(world, run),
    pull_requests: [],
    referenced_workflows: [],
    created_at: iso(run.created_at),
    run_started_at: iso(startedAt(run)),
    updated_at: iso(updatedAt(run, status)),
    actor: caller(world),
    triggering_actor: caller(world),
    repository: minimalRepository(world),
    head_repository: minimalRepository(world),
    head_repository_id: world.repo.id,
  } satisfies components['schemas']['workflow-run']
  // Again, because in there its type is widened to that of every status.
  return { ...shown, status }
}

const checkSuite = (world: World, { id }: RunRecord) => ({
  check_suite_id: id + 1,
  check_suite_node_id: `CS_${id}`,
  check_suite_url: `${apiUrl(world)}/check-suites/${id + 1}`,
})

const links = (world: World, id: number) => ({
  url: runUrl(world, id),
  html_url: runHtmlUrl(world, id),
  jobs_url: `${runUrl(world, id)}/jobs`,
  logs_url: `${runUrl(world, id)}/logs`,
  artifacts_url: `${runUrl(world, id)}/artifacts`,
  cancel_url: `${runUrl(world, id)}/cancel`,
  rerun_url: `${runUrl(world, id)}/rerun`,
})

const previous = (world: World, { id, attempt = 1 }: RunRecord): string | null =>
  attempt > 1 ? `${runUrl(world, id)}/attempts/${attempt - 1}` : null
