import type { components } from '@octokit/openapi-types'
import type { RunRecord } from '../state.ts'
import type { RunSubject } from '../subjects.ts'
import type { World } from '../world.ts'
import { about } from './about.ts'
import { iso } from './commit.ts'
import { firstJob, job } from './job.ts'

type Schemas = components['schemas']
type JobSubject = Extract<RunSubject, { event: 'workflow_job' }>

/** A job of a run as it was when this happened to it, with its steps. */
export const jobPayload = (world: World, run: RunRecord, { action, job: which }: JobSubject) => {
  const show = which === 'claim' ? firstJob : job
  const { conclusion, completed_at, ...shown } = show(world, run, action)
  const rest = about(world)
  const open = { ...shown, completed_at: null, conclusion: null }
  const ended = { completed_at: completed_at ?? iso(run.completes_at), conclusion: conclusion ?? run.conclusion }
  switch (action) {
    case 'queued':
      return {
        ...{ action, ...rest },
        workflow_job: { ...open, status: action },
      } satisfies Schemas['webhook-workflow-job-queued']
    case 'waiting':
      return {
        ...{ action, ...rest },
        workflow_job: { ...open, status: action },
      } satisfies Schemas['webhook-workflow-job-waiting']
    case 'in_progress':
      return {
        ...{ action, ...rest },
        workflow_job: { ...open, status: action },
      } satisfies Schemas['webhook-workflow-job-in-progress']
    case 'completed':
      return {
        ...{ action, ...rest },
        workflow_job: { ...shown, ...ended, status: action },
      } satisfies Schemas['webhook-workflow-job-completed']
  }
}
