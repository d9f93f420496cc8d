import type { Octokit } from 'octokit'
import type { JobReport, RunFailure, RunReport } from '../thread/event.ts'
import { clean } from '../thread/text.ts'
import { hasStatus } from './errors.ts'
import type { Repo } from './github.ts'
import { lastLines } from './joblog.ts'
import { statusOf } from './status.ts'

type Job = Awaited<ReturnType<Octokit['rest']['actions']['listJobsForWorkflowRunAttempt']>>['data']['jobs'][number]

const NAME = 100
// Each job is told when it starts and when it ends, so this bounds what one run adds to a thread.
const TOLD = 20

interface Course {
  jobs?: JobReport[]
  failure?: RunFailure
}

/** How far the jobs of a run are and, once it has failed, which one did and what it wrote. */
export const courseOf = async (repo: Repo, run: RunReport): Promise<Course> => {
  if (run.status === 'queued') return {}
  const all = await jobsOf(repo, run)
  if (all === null) return {}
  const failed = run.status === 'completed' && run.conclusion !== 'cancelled' ? all.find(isBroken) : undefined
  const jobs = all.slice(0, TOLD).map(toReport)
  return failed ? { jobs, failure: await failureOf(repo, failed) } : { jobs }
}

/** Null: they may not be seen, or are gone. The run's own end is what counts. */
const jobsOf = async ({ octokit, owner, repo }: Repo, { run_id, attempt }: RunReport): Promise<Job[] | null> => {
  const asked = { owner, repo, run_id, attempt_number: attempt, per_page: 100 }
  try {
    return (await octokit.rest.actions.listJobsForWorkflowRunAttempt(asked)).data.jobs
  } catch (error) {
    if (hasStatus(error, 403, 404)) return null
    throw error
  }
}

const isBroken = ({ conclusion }: Job): boolean => conclusion === 'failure' || conclusion === 'timed_out'

const toReport = ({ name, status, conclusion }: Job): JobReport => ({
  name: clean(name, NAME),
  status: statusOf(status),
  conclusion,
})

const failureOf = async (repo: Repo, job: Job): Promise<RunFailure> => {
  const step = job.steps?.find(({ conclusion }) => conclusion === 'failure' || conclusion === 'cancelled')
  return {
    job: clean(job.name, NAME),
    step: step ? clean(step.name, NAME) : null,
    log: await lastLines(repo, Number(job.id)),
  }
}
