import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { completed, dispatch, head, inputs, never, open, place } from './support.ts'

const route = 'POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches'
const backend = { ...place, workflow_id: 'deploy-backend.yml' }

test('lists the workflows and finds one by file name or number', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.actions.listRepoWorkflows(place)
  expect(data.workflows.map(({ path }) => path)).toEqual([
    '.github/workflows/deploy-backend.yml',
    '.github/workflows/deploy-frontend.yml',
    '.github/workflows/e2e.yml',
  ])
  const byName = await octokit.rest.actions.getWorkflow(backend)
  const byId = await octokit.rest.actions.getWorkflow({ ...place, workflow_id: byName.data.id })
  expect(byId.data.path).toBe(byName.data.path)
  await expect(octokit.rest.actions.getWorkflow({ ...place, workflow_id: 'x.yml' })).rejects.toMatchObject({
    status: 404,
  })
})

test('tells the run of a dispatch when asked to, and is silent otherwise', async () => {
  const { octokit } = await open()
  const told = await dispatch(octokit)
  expect(told.html_url).toContain(`/acme/shop/actions/runs/${told.workflow_run_id}`)
  const silent = await octokit.request(route, { ...backend, ref: 'v1.2.3', inputs })
  expect(silent.status).toBe(204)
  const { data } = await octokit.rest.actions.listWorkflowRuns(backend)
  expect(data.workflow_runs.map(({ head_branch }) => head_branch)).toEqual(['v1.2.3', 'main'])
})

test.each([
  ['an unknown ref', { ref: 'nope' }, 422, 'No ref found'],
  ['an unknown input', { inputs: { ...inputs, colour: 'red' } }, 422, 'Unexpected inputs'],
  ['a missing input', { inputs: { ...inputs, sha: '' } }, 422, "Required input 'sha' not provided"],
  [
    '26 inputs',
    { inputs: Object.fromEntries([...Array(26).keys()].map((key) => [`k${key}`, 'x'])) },
    422,
    '25 `inputs`',
  ],
  ['a malformed body', { ref: 7 }, 422, 'Invalid request'],
  ['an unknown workflow', { workflow_id: 'nope.yml' }, 404, 'Not Found'],
])('refuses %s and starts nothing', async (_, wrong, status, message) => {
  const { octokit } = await open()
  const asked = octokit.request(route, { ...backend, ref: 'main', inputs, ...wrong } as typeof backend & {
    ref: string
  })
  await expect(asked).rejects.toMatchObject({ status, message: expect.stringContaining(message) })
  const { data } = await octokit.rest.actions.listWorkflowRunsForRepo(place)
  expect(data.total_count).toBe(0)
})

test('takes a run from queued through in_progress to success', async () => {
  const { octokit } = await open({ pace: { queued: 300, running: 300 } })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  const seen = new Set<string | null>()
  const run = await eventually(async () => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    seen.add(data.status)
    return data.conclusion && data
  })
  expect([...seen]).toEqual(['queued', 'in_progress', 'completed'])
  expect(run).toMatchObject({
    conclusion: 'success',
    display_title: 'Deploy backend v1.2.3 to production d-0001',
    head_sha: head,
    run_attempt: 1,
  })
  const { data } = await octokit.rest.actions.listJobsForWorkflowRun({ ...place, run_id })
  expect(data.jobs[0]).toMatchObject({ name: 'deploy', conclusion: 'success', status: 'completed' })
})

test('fails the next run in the step that was named, and only that run', async () => {
  const { octokit, control } = await open()
  await control('POST', '/runs/next', { conclusion: 'failure', step: 'Deploy' })
  const failed = await dispatch(octokit)
  const fine = await dispatch(octokit, { dispatch_id: 'd-0002' })
  expect(await completed(octokit, failed.workflow_run_id)).toMatchObject({ conclusion: 'failure' })
  expect(await completed(octokit, fine.workflow_run_id)).toMatchObject({ conclusion: 'success' })
  const { data } = await octokit.rest.actions.listJobsForWorkflowRun({ ...place, run_id: failed.workflow_run_id })
  const steps = data.jobs[0]?.steps?.map(({ name, conclusion }) => `${name}: ${conclusion}`)
  expect(steps?.slice(-3)).toEqual(['Record the deployment: success', 'Deploy: failure', 'Report: skipped'])
})

test('fails a run whose commit is none, as the example workflow does', async () => {
  const { octokit } = await open()
  const { workflow_run_id } = await dispatch(octokit, { sha: 'not-a-sha' })
  expect(await completed(octokit, workflow_run_id)).toMatchObject({ conclusion: 'failure' })
  const { data } = await octokit.rest.repos.listDeployments({ ...place, task: 'deploy:backend', sha: 'not-a-sha' })
  expect(data).toEqual([])
})

test('filters runs by time, event and status', async () => {
  const { octokit } = await open({ pace: never })
  await dispatch(octokit)
  const count = async (filter: object) =>
    (await octokit.rest.actions.listWorkflowRuns({ ...backend, ...filter })).data.total_count
  const at = (ms: number) => new Date(Date.now() + ms).toISOString()
  expect(await count({ created: `>=${at(-60_000)}`, event: 'workflow_dispatch' })).toBe(1)
  expect(await count({ created: `>=${at(60_000)}` })).toBe(0)
  expect(await count({ created: `<${at(-60_000)}` })).toBe(0)
  expect(await count({ created: `${at(-60_000)}..${at(60_000)}` })).toBe(1)
  expect(await count({ event: 'push' })).toBe(0)
  expect(await count({ status: 'queued' })).toBe(1)
  expect(await count({ status: 'completed' })).toBe(0)
})

test('cancels a run that is on, and answers 409 for one that ended', async () => {
  const { octokit } = await open({ pace: { queued: 0, running: 3_600_000 } })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  const cancelled = await octokit.rest.actions.cancelWorkflowRun({ ...place, run_id })
  expect(cancelled.status).toBe(202)
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'cancelled' })
  await expect(octokit.rest.actions.cancelWorkflowRun({ ...place, run_id })).rejects.toMatchObject({ status: 409 })
})

test('changes pace while it runs', async () => {
  const { octokit, control } = await open({ pace: never })
  await control('PUT', '/pace', { queued: 0, running: 0 })
  const { workflow_run_id } = await dispatch(octokit)
  expect(await completed(octokit, workflow_run_id)).toMatchObject({ conclusion: 'success' })
})

test('starts a thousand runs without losing one that is still on', async () => {
  const { octokit, control } = await open({ pace: never })
  const first = await dispatch(octokit)
  await control('PUT', '/pace', { queued: 0, running: 0 })
  for (let count = 0; count < 1020; count += 1) await dispatch(octokit, { environment: 'staging' })
  const { data } = await octokit.rest.actions.listWorkflowRuns(backend)
  expect(data.total_count).toBeLessThanOrEqual(1011)
  const { data: run } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id: first.workflow_run_id })
  expect(run.status).toBe('queued')
})
