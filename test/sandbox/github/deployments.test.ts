import type { Octokit } from 'octokit'
import { expect, test } from 'vitest'
import { completed, dispatch, head, inputs, open, place } from './support.ts'

const latestStates = async (octokit: Octokit, filter: object) => {
  const { data } = await octokit.rest.repos.listDeployments({ ...place, ...filter })
  return Promise.all(
    data.map(async ({ id, payload }) => {
      const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({
        ...place,
        deployment_id: Number(id),
      })
      return `${(payload as { tag?: string }).tag} ${statuses[0]?.state}`
    }),
  )
}

test.each(['backend', 'frontend'])(
  'begins with v1.2.2 of %s in production and newer ones on staging',
  async (service) => {
    const { octokit } = await open()
    const task = `deploy:${service}`
    expect(await latestStates(octokit, { task, environment: 'production' })).toEqual(['v1.2.2 success'])
    expect(await latestStates(octokit, { task, environment: 'staging' })).toEqual([
      'v1.2.3 success',
      '4af9ec0 inactive',
      'v1.2.4 inactive',
      'v1.2.2 inactive',
    ])
  },
)

test('finds deployments by commit and in pages', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.listDeployments({ ...place, sha: head })
  expect(data.map(({ task }) => task)).toEqual(['deploy:frontend', 'deploy:backend'])
  const all = await octokit.paginate(octokit.rest.repos.listDeployments, { ...place, per_page: 3 })
  expect(all).toHaveLength(10)
})

test('records what a run deployed, and retires what was live there before', async () => {
  const { octokit } = await open()
  const { workflow_run_id, html_url } = await dispatch(octokit)
  await completed(octokit, workflow_run_id)
  const here = { task: 'deploy:backend', environment: 'production' }
  expect(await latestStates(octokit, here)).toEqual(['v1.2.3 success', 'v1.2.2 inactive'])
  expect(await latestStates(octokit, { ...here, task: 'deploy:frontend' })).toEqual(['v1.2.2 success'])
  const { data } = await octokit.rest.repos.listDeployments({ ...place, ...here })
  expect(data[0]).toMatchObject({ sha: inputs.sha, payload: { tag: 'v1.2.3', dispatch_id: 'd-0001' } })
  const deployment_id = Number(data[0]?.id)
  const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({ ...place, deployment_id })
  expect(statuses.map(({ state }) => state)).toEqual(['success', 'in_progress'])
  expect(statuses[0]?.log_url).toBe(html_url)
})

test('records a failed run as failed, and leaves what was live', async () => {
  const { octokit, control } = await open()
  await control('POST', '/runs/next', { conclusion: 'failure' })
  await completed(octokit, (await dispatch(octokit)).workflow_run_id)
  const here = { task: 'deploy:backend', environment: 'production' }
  expect(await latestStates(octokit, here)).toEqual(['v1.2.3 failure', 'v1.2.2 success'])
})

test('takes deployments and statuses from elsewhere', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.createDeployment({
    ...place,
    ref: 'v1.2.4',
    task: 'deploy:backend',
    environment: 'production',
    payload: { tag: 'v1.2.4' },
    required_contexts: [],
  })
  const deployment_id = 'id' in data ? Number(data.id) : 0
  const { status } = await octokit.rest.repos.createDeploymentStatus({
    ...place,
    deployment_id,
    state: 'success',
    log_url: 'https://ci.acme.test/1',
  })
  expect(status).toBe(201)
  const { data: one } = await octokit.rest.repos.getDeployment({ ...place, deployment_id })
  expect(one.sha).toBe('3ff4aef2f493047cfc539eaa9778903837654779')
  expect((await latestStates(octokit, { environment: 'production', task: 'deploy:backend' }))[0]).toBe('v1.2.4 success')
})

test('refuses a deployment of nothing, a status of nothing and a state that is none', async () => {
  const { octokit } = await open()
  await expect(octokit.rest.repos.createDeployment({ ...place, ref: 'nope' })).rejects.toMatchObject({ status: 422 })
  const unknown = { ...place, deployment_id: 1, state: 'success' } as const
  await expect(octokit.rest.repos.createDeploymentStatus(unknown)).rejects.toMatchObject({ status: 404 })
  const odd = { ...unknown, state: 'great' as 'success' }
  await expect(octokit.rest.repos.createDeploymentStatus(odd)).rejects.toMatchObject({ status: 422 })
  await expect(octokit.rest.repos.listDeploymentStatuses(unknown)).rejects.toMatchObject({ status: 404 })
})
