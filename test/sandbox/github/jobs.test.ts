import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { completed, dispatch, open, place } from './support.ts'

const jobsOf = async ({ octokit }: Awaited<ReturnType<typeof open>>, run_id: number, attempt_number = 1) =>
  (await octokit.rest.actions.listJobsForWorkflowRunAttempt({ ...place, run_id, attempt_number })).data.jobs

test('does the jobs of a run one after the other', async () => {
  const opened = await open({ pace: { queued: 0, running: 600 } })
  await opened.control('POST', '/runs/next', { jobs: ['build', 'deploy'] })
  const { workflow_run_id } = await dispatch(opened.octokit)
  const seen = new Set<string>()
  await eventually(async () => {
    const jobs = await jobsOf(opened, workflow_run_id)
    seen.add(jobs.map(({ status }) => status).join(' '))
    return jobs.every(({ status }) => status === 'completed')
  })
  expect([...seen].filter((state) => state !== 'queued queued')).toEqual([
    'in_progress queued',
    'completed in_progress',
    'completed completed',
  ])
})

test('skips the jobs after one that failed', async () => {
  const opened = await open()
  await opened.control('POST', '/runs/next', {
    conclusion: 'failure',
    jobs: ['build', 'deploy', 'after'],
    job: 'build',
  })
  const { workflow_run_id } = await dispatch(opened.octokit)
  await completed(opened.octokit, workflow_run_id)
  const jobs = await jobsOf(opened, workflow_run_id)
  expect(jobs.map(({ name, conclusion }) => `${name} ${conclusion}`)).toEqual([
    'build failure',
    'deploy skipped',
    'after skipped',
  ])
})

test('keeps the log of a job elsewhere, once it has ended, whole or from a place on', async () => {
  const opened = await open({ pace: { queued: 0, running: 300 } })
  const { octokit, control } = opened
  await control('POST', '/runs/next', { conclusion: 'failure', log: 'it broke' })
  const { workflow_run_id } = await dispatch(octokit)
  const job_id = Number((await jobsOf(opened, workflow_run_id))[0]?.id)
  const asked = { ...place, job_id, request: { redirect: 'manual' } } as const
  await expect(octokit.rest.actions.downloadJobLogsForWorkflowRun(asked)).rejects.toMatchObject({ status: 404 })
  await completed(octokit, workflow_run_id)
  const { status, headers } = await octokit.rest.actions.downloadJobLogsForWorkflowRun(asked)
  expect(status).toBe(302)
  const url = headers.location ?? ''
  const whole = await (await fetch(url)).text()
  expect(whole).toMatch(/Z it broke\n.*##\[error\]Process completed with exit code 1\.\n.*Post job cleanup/)
  const part = await fetch(url, { headers: { range: 'bytes=100-' } })
  expect(part.status).toBe(206)
  expect(await part.text()).toBe(whole.slice(100))
  // Like the store behind GitHub: the signature in the address is enough, and a second one is too much.
  expect((await fetch(url, { headers: { authorization: 'token x' } })).status).toBe(403)
})

test('runs a run again when it has ended: the example workflow refuses a second attempt', async () => {
  const opened = await open()
  const { octokit } = opened
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await expect(octokit.rest.actions.reRunWorkflow({ ...place, run_id })).rejects.toMatchObject({ status: 403 })
  await completed(octokit, run_id)
  await octokit.rest.actions.reRunWorkflow({ ...place, run_id })
  const again = await eventually(async () => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    return data.run_attempt === 2 && data.status === 'completed' && data
  })
  expect(again.conclusion).toBe('failure')
  const [job] = await jobsOf(opened, run_id, 2)
  expect(job).toMatchObject({ run_attempt: 2, conclusion: 'failure' })
  expect(job?.steps?.find(({ conclusion }) => conclusion === 'failure')?.name).toBe('Check the request')
  const { data: deployments } = await octokit.rest.repos.listDeployments({ ...place, environment: 'production' })
  expect(deployments.filter(({ task }) => task === 'deploy:backend')).toHaveLength(2)
})

test('need not send again what has not changed, and says so', async () => {
  const { octokit, control } = await open()
  const { headers } = await octokit.rest.repos.listTags(place)
  const asked = { ...place, headers: { 'if-none-match': headers.etag ?? '' } }
  await expect(octokit.rest.repos.listTags(asked)).rejects.toMatchObject({ status: 304 })
  await control('POST', '/tags', { name: 'v9', to: 'main' })
  expect((await octokit.rest.repos.listTags(asked)).status).toBe(200)
  const requests = await control<{ status: number }[]>('GET', '/requests')
  expect(requests.map(({ status }) => status)).toEqual([200, 304, 200])
})

test('lists the files that lie between two commits', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.compareCommitsWithBasehead({ ...place, basehead: 'v1.2.2...v1.2.3' })
  expect(data.files?.length).toBeGreaterThan(0)
  expect(data.files?.every(({ filename, status }) => filename !== '' && status === 'modified')).toBe(true)
})
