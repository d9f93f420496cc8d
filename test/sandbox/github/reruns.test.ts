import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver } from './receiver.ts'
import { completed, dispatch, never, open, place } from './support.ts'

test('runs a run again as attempt 2 under its number, and remembers attempt 1', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('POST', '/runs/next', { conclusion: 'failure' })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  const first = await completed(octokit, run_id)
  await control('POST', '/runs/next', { conclusion: 'success' })
  expect((await octokit.rest.actions.reRunWorkflow({ ...place, run_id })).status).toBe(201)
  const second = await completed(octokit, run_id)
  expect(second).toMatchObject({ id: first.id, run_attempt: 2, conclusion: 'success', created_at: first.created_at })
  expect(second.previous_attempt_url).toContain(`/runs/${run_id}/attempts/1`)
  const attempt = async (attempt_number: number) =>
    (await octokit.rest.actions.getWorkflowRunAttempt({ ...place, run_id, attempt_number })).data
  expect(await attempt(1)).toEqual(first)
  expect(await attempt(2)).toEqual(second)
  await expect(attempt(3)).rejects.toMatchObject({ status: 404 })
  const told = await eventually(() => {
    const runs = receiver.received.flatMap(({ payload }) =>
      'workflow_job' in payload ? [] : (payload.workflow_run ?? []),
    )
    const ends = runs.filter(({ status }) => status === 'completed') as { run_attempt?: number; conclusion: string }[]
    return ends.some(({ run_attempt }) => run_attempt === 2) && ends
  })
  expect(told.map((run) => `${run.run_attempt} ${run.conclusion}`)).toEqual(
    expect.arrayContaining(['1 failure', '2 success']),
  )
})

test('refuses a deployment that is run again, as the example workflow does, and runs tests again', async () => {
  const { octokit } = await open()
  const deploy = await dispatch(octokit)
  await completed(octokit, deploy.workflow_run_id)
  await octokit.rest.actions.reRunWorkflow({ ...place, run_id: deploy.workflow_run_id })
  expect(await completed(octokit, deploy.workflow_run_id)).toMatchObject({ conclusion: 'failure', run_attempt: 2 })
  const tests = await dispatch(octokit, {}, 'e2e.yml')
  await completed(octokit, tests.workflow_run_id)
  await octokit.rest.actions.reRunWorkflow({ ...place, run_id: tests.workflow_run_id })
  expect(await completed(octokit, tests.workflow_run_id)).toMatchObject({ conclusion: 'success', run_attempt: 2 })
})

test('runs nothing again that is still on', async () => {
  const { octokit } = await open({ pace: never })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await expect(octokit.rest.actions.reRunWorkflow({ ...place, run_id })).rejects.toMatchObject({ status: 403 })
  await expect(octokit.rest.actions.reRunWorkflow({ ...place, run_id: 1 })).rejects.toMatchObject({ status: 404 })
})

test('fails the next tests of production, while those of staging and its deployment succeed', async () => {
  const { octokit, control } = await open()
  await control('POST', '/runs/next', { workflow: 'e2e.yml', environment: 'production', conclusion: 'failure' })
  await control('POST', '/runs/next', { service: 'frontend', conclusion: 'timed_out' })
  const end = async (environment: string, workflow: string, service = 'backend') => {
    const { workflow_run_id } = await dispatch(octokit, { environment, service }, workflow)
    return (await completed(octokit, workflow_run_id)).conclusion
  }
  expect(await end('staging', 'e2e.yml')).toBe('success')
  expect(await end('production', 'deploy-backend.yml')).toBe('success')
  expect(await end('production', 'e2e.yml')).toBe('failure')
  expect(await end('production', 'e2e.yml')).toBe('success')
  expect(await end('staging', 'deploy-frontend.yml', 'frontend')).toBe('timed_out')
})
