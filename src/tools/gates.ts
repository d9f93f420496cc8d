import type { Octokit } from 'octokit'
import { type GatedRuns, ToolError, type WaitingRun } from '../agent/ports.ts'
import type { Facts } from '../thread/event.ts'
import { GONE, goneInWords } from '../thread/gate/gate.ts'
import type { Target } from '../thread/target.ts'
import { clean } from '../thread/text.ts'
import { orNull } from './errors.ts'
import type { Connect, GitHubOptions, Repo } from './github.ts'

type Run = Awaited<ReturnType<Octokit['rest']['actions']['getWorkflowRun']>>['data']
type Reading = <T>(act: () => Promise<T>) => Promise<T>

const TITLE = 200

/** Runs that wait at gates, as GitHub has them now. */
export const createGatedRuns = (connect: Connect, reading: Reading, auth: GitHubOptions['auth']): GatedRuns => ({
  waiting: (repository) => reading(async () => waitingRuns(repository, await connect(repository))),
  run: (repository, id) =>
    reading(async () => {
      const run = await runOf(await connect(repository), id)
      return run && waitingRun(repository, run)
    }),
  environments: (repository, id) => reading(async () => pendingAt(await connect(repository), id)),
  isOurs: (repository, environment) => reading(async () => isOurs(await connect(repository), environment, auth)),
})

/** The newest hundred. More than that never wait for long: GitHub turns each away by itself in the end. */
const waitingRuns = async (repository: string, { octokit, owner, repo }: Repo): Promise<WaitingRun[]> => {
  const asked = { owner, repo, status: 'waiting', per_page: 100 } as const
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo(asked)
  return data.workflow_runs.map((run) => waitingRun(repository, run))
}

export const runOf = async ({ octokit, owner, repo }: Repo, run_id: number): Promise<Run | null> =>
  (await orNull(octokit.rest.actions.getWorkflowRun({ owner, repo, run_id })))?.data ?? null

/** The environments that a run waits for, by whichever rule. */
export const pendingAt = async ({ octokit, owner, repo }: Repo, run_id: number): Promise<string[]> => {
  const found = await orNull(octokit.rest.actions.getPendingDeploymentsForRun({ owner, repo, run_id }))
  return (found?.data ?? []).flatMap(({ environment }) => environment.name ?? [])
}

/** A gate is a rule of an App: ours by the App's id, where we act as one. */
const isOurs = async ({ octokit, owner, repo }: Repo, environment_name: string, auth: GitHubOptions['auth']) => {
  const asked = { owner, repo, environment_name }
  const found = await orNull(octokit.rest.repos.getAllDeploymentProtectionRules(asked))
  const rules = found?.data.custom_deployment_protection_rules ?? []
  const app = 'appId' in auth && /^\d+$/.test(String(auth.appId)) ? String(auth.appId) : null
  return rules.some(({ enabled, app: { id } }) => enabled && (app === null || String(id) === app))
}

/** The path may name the ref too: `.github/workflows/deploy.yml@main`. */
export const fileOf = ({ path }: Run): string => path.split('@', 1)[0]?.split('/').at(-1) ?? path

const waitingRun = (repository: string, run: Run): WaitingRun => ({
  repository,
  run_id: Number(run.id),
  attempt: run.run_attempt ?? 1,
  workflow: fileOf(run),
  ref: run.head_branch ?? '',
  sha: run.head_sha,
  title: clean(run.display_title, TITLE),
  event: run.event,
  requested_by: run.triggering_actor?.login ?? run.actor?.login ?? null,
  html_url: run.html_url,
})

const BY_INPUTS = ['workflow_dispatch', 'repository_dispatch']

/**
 * What letting a run on would do, as GitHub has it now. A run that was started with inputs may deploy any commit, so nothing is said
 * of what would ship: what is shown there would be taken for what is meant.
 */
export const prepareGate = async (
  repo: Repo,
  target: Target,
  gate: NonNullable<Target['gate']>,
  prepare: (target: Target) => Promise<Facts>,
): Promise<Facts> => {
  const { run_id } = gate
  const [run, asking] = await Promise.all([runOf(repo, run_id), pendingAt(repo, run_id)])
  const found = run && waitingRun(target.repository, run)
  if (!found || found.attempt !== gate.attempt || !asking.includes(target.environment)) {
    throw new ToolError(GONE, goneInWords({ run_id, environment: target.environment }))
  }
  const { attempt, title, event, requested_by, html_url } = found
  const commit_by = BY_INPUTS.includes(event) ? 'inputs' : 'run'
  const about = { run_id, attempt, title, event, requested_by, html_url, commit_by, dispatched_by: null } as const
  return { ...(await shippedBy(target, commit_by, prepare)), gate: about }
}

type Shipped = Pick<Facts, 'direction' | 'commits' | 'commits_total' | 'compare_url'>
const nothing: Shipped = { direction: 'unknown', commits: [], commits_total: 0, compare_url: null }

const shippedBy = async (
  target: Target,
  commit_by: 'run' | 'inputs',
  prepare: (target: Target) => Promise<Facts>,
): Promise<Facts> => {
  const { repository, workflow, ref, service, environment, tag } = target
  const place = { repository, workflow, ref, service, environment, tag, sha: tag }
  // The workflow of no service: nobody knows what is live of it.
  if (service === workflow) return { ...place, ...nothing, live: null, stage: null }
  // What runs is the file as it is in the run's own commit, whatever the branch says now.
  const { workflow_sha: _, ...found } = await prepare(commit_by === 'run' ? target : { ...target, after: null })
  if (commit_by === 'run') return found
  const { pull_requests: __, files: ___, ...live } = found
  return { ...live, ...nothing }
}
