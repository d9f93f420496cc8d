import Type from 'typebox'
import { tellRerun } from '../reruns.ts'
import { Id, type Listener, NOT_OURS, ours, partOf, Repository, wake } from './heard.ts'

const Run = Type.Object({
  id: Id,
  display_title: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  run_attempt: Type.Optional(Type.Integer()),
})
const RunNews = Type.Object({ workflow_run: Run, repository: Repository })
const JobNews = Type.Object({ workflow_job: Type.Object({ run_id: Id }), repository: Repository })
const DeploymentNews = Type.Object({
  deployment: Type.Object({ payload: Type.Unknown() }),
  workflow_run: Type.Optional(Type.Union([Run, Type.Null()])),
  repository: Repository,
})

const DISPATCH_ID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,9}$/

/** A run moved: its thread is the one whose dispatch id its name ends in, else the one that GitHub gave this run's number to. */
export const workflowRun: Listener = async (heard, deps) => {
  const { workflow_run: run, repository } = partOf(RunNews, heard)
  if (ours(repository, deps.policy) === null) return NOT_OURS
  const thread = named(run.display_title) ?? (await deps.listing.threadOfRun(run.id))
  if (thread !== null) await tellRerun(deps.door, thread, run)
  return wake(thread, heard, deps)
}

/** A job says only which run it is part of. */
export const workflowJob: Listener = async (heard, deps) => {
  const { workflow_job: job, repository } = partOf(JobNews, heard)
  if (ours(repository, deps.policy) === null) return NOT_OURS
  return wake(await deps.listing.threadOfRun(job.run_id), heard, deps)
}

/** The example workflows note the dispatch id in their deployments; those of other workflows may say which run they belong to. */
export const deploymentStatus: Listener = async (heard, deps) => {
  const { deployment, workflow_run: run, repository } = partOf(DeploymentNews, heard)
  if (ours(repository, deps.policy) === null) return NOT_OURS
  const thread = noted(deployment.payload) ?? named(run?.display_title)
  return wake(thread ?? (run ? await deps.listing.threadOfRun(run.id) : null), heard, deps)
}

const named = (title: string | null | undefined): string | null => DISPATCH_ID.exec(title ?? '')?.[1] ?? null

/** GitHub gives a deployment's payload back as it came: an object, or a text of one. */
const noted = (payload: unknown): string | null => {
  const found = typeof payload === 'string' ? /"dispatch_id"\s*:\s*"([^"]*)"/.exec(payload)?.[1] : fieldOf(payload)
  return named(typeof found === 'string' ? found : null)
}

const fieldOf = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'dispatch_id' in payload ? payload.dispatch_id : null
