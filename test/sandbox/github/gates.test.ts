import type { Octokit } from 'octokit'
import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver, told } from './receiver.ts'
import { completed, dispatch, open, place } from './support.ts'

const waiting = (octokit: Octokit, run_id: number) =>
  eventually(async () => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    return data.status === 'waiting' && data
  })

const answer = (octokit: Octokit, run_id: number, state: 'approved' | 'rejected', environment_name = 'production') =>
  octokit.rest.actions.reviewCustomGatesForRun({ ...place, run_id, environment_name, state, comment: 'said a person' })

test('stops a run before a gated environment, asks, and lets it through', async () => {
  const receiver = await openReceiver()
  const { octokit, control, sandbox } = await open({ webhook: receiver })
  await control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await waiting(octokit, run_id)
  const asked = await eventually(() => receiver.received.find(({ event }) => event === 'deployment_protection_rule'))
  expect(asked.payload).toMatchObject({
    action: 'requested',
    environment: 'production',
    deployment: { environment: 'production', task: 'deploy' },
    deployment_callback_url: `${sandbox.url}/repos/acme/shop/actions/runs/${run_id}/deployment_protection_rule`,
    repository: { full_name: 'acme/shop' },
    installation: { id: 4242 },
  })
  const { data: pending } = await octokit.rest.actions.getPendingDeploymentsForRun({ ...place, run_id })
  expect(pending.map(({ environment }) => environment.name)).toEqual(['production'])
  const { data: jobs } = await octokit.rest.actions.listJobsForWorkflowRun({ ...place, run_id })
  expect(jobs.jobs.map(({ status, steps }) => ({ status, steps }))).toEqual([{ status: 'waiting', steps: [] }])
  expect((await answer(octokit, run_id, 'approved')).status).toBe(204)
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
  expect((await octokit.rest.actions.getPendingDeploymentsForRun({ ...place, run_id })).data).toEqual([])
  await eventually(() => told(receiver.received, 'workflow_run').includes('completed'))
  expect(told(receiver.received, 'workflow_job')).toEqual(['queued', 'waiting', 'in_progress', 'completed'])
  expect(told(receiver.received, 'workflow_run')).toEqual(['requested', 'in_progress', 'completed'])
})

test('asks at once also where news comes backwards', async () => {
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('PUT', '/webhooks', { mode: 'reversed' })
  await control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  const [asked] = await receiver.until(1)
  expect(asked?.event).toBe('deployment_protection_rule')
  await answer(octokit, run_id, 'approved')
  await completed(octokit, run_id)
  await eventually(() => told(receiver.received, 'workflow_run').includes('requested'))
  expect(told(receiver.received, 'workflow_run')).toEqual(['completed', 'in_progress', 'requested'])
})

test('ends a run that was rejected, and nothing is on record as deployed', async () => {
  const { octokit, control } = await open()
  await control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await waiting(octokit, run_id)
  await answer(octokit, run_id, 'rejected')
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'failure' })
  const made = { ...place, task: 'deploy:backend', environment: 'production' }
  expect((await octokit.rest.repos.listDeployments(made)).data).toHaveLength(1)
})

test('refuses an answer to no question: another environment, another run, or a second time', async () => {
  const { octokit, control } = await open()
  await control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await waiting(octokit, run_id)
  await expect(answer(octokit, run_id, 'approved', 'staging')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('No pending deployment requests'),
  })
  await expect(answer(octokit, 1, 'approved')).rejects.toMatchObject({ status: 404 })
  await expect(answer(octokit, run_id, 'great' as 'approved')).rejects.toMatchObject({ status: 422 })
  await answer(octokit, run_id, 'approved')
  await expect(answer(octokit, run_id, 'rejected')).rejects.toMatchObject({
    status: 422,
    message: expect.stringContaining('already been reviewed'),
  })
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
})

test('gates one environment and no other, until told otherwise, and cancels what waits', async () => {
  const { octokit, control } = await open()
  await control('PUT', '/environments/production', { gated: true })
  const { data } = await octokit.rest.repos.getAllEnvironments(place)
  const rules = data.environments?.map(({ name, protection_rules }) => `${name}: ${protection_rules?.length}`)
  expect(rules).toEqual(['staging: 0', 'production: 1'])
  const staging = await dispatch(octokit, { environment: 'staging' })
  expect(await completed(octokit, staging.workflow_run_id)).toMatchObject({ conclusion: 'success' })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await waiting(octokit, run_id)
  await octokit.rest.actions.cancelWorkflowRun({ ...place, run_id })
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'cancelled' })
  await control('PUT', '/environments/production', { gated: false })
  expect(await completed(octokit, (await dispatch(octokit)).workflow_run_id)).toMatchObject({ conclusion: 'success' })
})

test('says which rules of Apps an environment has', async () => {
  const { octokit, control } = await open()
  await control('PUT', '/environments/production', { gated: true })
  const rules = async (environment_name: string) =>
    (await octokit.rest.repos.getAllDeploymentProtectionRules({ ...place, environment_name })).data
  expect(await rules('production')).toMatchObject({
    total_count: 1,
    custom_deployment_protection_rules: [{ enabled: true, app: { id: 1, slug: 'deploybot' } }],
  })
  expect(await rules('staging')).toMatchObject({ total_count: 0 })
  await expect(rules('moon')).rejects.toMatchObject({ status: 404 })
})
