import { expect, test } from 'vitest'
import { completed, dispatch, place } from '../sandbox/github/support.ts'
import { open, v122, v123 } from './support.ts'

test('lists tags newest first with the dates of their commits, in one request', async () => {
  const { tools, requests } = await open()
  const result = await tools.read({ intent: 'list_git_tags' })
  expect(result).toMatchObject({
    intent: 'list_git_tags',
    data: {
      more: false,
      tags: [
        { name: 'v1.2.4' },
        { name: 'v1.2.3', commit: v123 },
        { name: 'v1.2.2', commit: v122 },
        {},
        {},
        {},
        {},
        {},
        {},
      ],
    },
  })
  expect(await requests()).toHaveLength(1)
})

test('sorts tags by time where their names say otherwise, and shows thirty at most', async () => {
  const { tools, control } = await open()
  for (let patch = 0; patch < 40; patch += 1) await control('POST', '/tags', { name: `v0.9.${patch}`, to: v122 })
  await control('POST', '/tags', { name: 'v1.0.5', to: 'hotfix/coupons' })
  await control('POST', '/tags', { name: 'v1.0.6', to: 'main' })
  const result = await tools.read({ intent: 'list_git_tags' })
  if (result.intent !== 'list_git_tags') throw new Error('another result')
  expect(result.data.more).toBe(true)
  expect(result.data.tags).toHaveLength(30)
  expect(result.data.tags[0]?.name).toBe('v1.0.6')
  const dates = result.data.tags.map(({ date }) => date ?? '')
  expect(dates.every(Boolean)).toBe(true)
  expect(dates).toEqual(dates.toSorted().reverse())
})

test('lists the last twenty commits of a ref, one line each', async () => {
  const { tools } = await open()
  const result = await tools.read({ intent: 'list_git_commits', ref: 'main' })
  if (result.intent !== 'list_git_commits') throw new Error('another result')
  expect(result.data.commits).toHaveLength(20)
  expect(result.data.commits[0]).toEqual({
    sha: '4af9ec093803cf55ae35377ab98e917fa44a04b1',
    message: 'Speed up the stock query on the product page',
    author: 'Maya Lindqvist',
    author_login: 'maya-lindqvist',
    date: '2026-02-27T15:12:00Z',
  })
})

test('compares two refs, the newest commit first', async () => {
  const { tools, sandbox } = await open()
  const result = await tools.read({ intent: 'compare_commits', base: 'v1.2.2', head: 'v1.2.3' })
  expect(result.data).toMatchObject({
    base: 'v1.2.2',
    head: 'v1.2.3',
    ahead_by: 5,
    behind_by: 0,
    url: `${sandbox.url}/acme/shop/compare/v1.2.2...v1.2.3`,
  })
  expect(result.data).toHaveProperty('commits.0.message', 'Fix time-out of large carts at checkout')
})

test('tells what is live everywhere in one request', async () => {
  const { tools, requests } = await open()
  const result = await tools.read({ intent: 'check_deployment_status' })
  if (result.intent !== 'check_deployment_status') throw new Error('another result')
  expect(result.data.live.map(({ service, environment, tag }) => `${service} ${environment} ${tag}`)).toEqual([
    'backend staging v1.2.3',
    'backend production v1.2.2',
    'frontend staging v1.2.3',
    'frontend production v1.2.2',
  ])
  expect(await requests()).toHaveLength(1)
})

test('tells what is live in the place that was named, and where it can be seen', async () => {
  const { tools, octokit } = await open()
  const { workflow_run_id, html_url } = await dispatch(octokit)
  await completed(octokit, workflow_run_id)
  const named = { service: 'backend', environment: 'production' }
  const result = await tools.read({ intent: 'check_deployment_status', ...named })
  expect(result.data).toMatchObject({ live: [{ ...named, tag: 'v1.2.3', sha: v123, url: html_url }] })
})

test('finds what has been live for long behind a hundred newer deployments of others', async () => {
  const { tools, octokit } = await open()
  for (let count = 0; count < 100; count += 1)
    await octokit.rest.repos.createDeployment({ ...place, ref: 'main', task: 'docs', environment: 'production' })
  const result = await tools.read({ intent: 'check_deployment_status' })
  expect(result.data).toHaveProperty('live.length', 4)
})

test('reads the tag from a payload that is text, and none from a bare commit', async () => {
  const { tools, octokit } = await open()
  const deploy = async (environment: string, payload: string) => {
    const asked = { ...place, ref: v123, task: 'deploy:backend', environment, payload, required_contexts: [] }
    const { data } = await octokit.rest.repos.createDeployment(asked)
    const deployment_id = 'id' in data ? Number(data.id) : 0
    await octokit.rest.repos.createDeploymentStatus({ ...place, deployment_id, state: 'success' })
  }
  await deploy('production', '{"tag":"v9"}')
  await deploy('staging', 'not JSON')
  const result = await tools.read({ intent: 'check_deployment_status', service: 'backend' })
  expect(result.data).toMatchObject({
    live: [
      { environment: 'staging', tag: null },
      { tag: 'v9', url: null },
    ],
  })
})

type Told = { state: 'success' | 'error' | 'failure' | 'inactive' | 'queued' | 'in_progress' }

/** Records a deployment by hand, as somebody else's tool would, with these statuses one after the other. */
const record = async (
  { octokit }: Pick<Awaited<ReturnType<typeof open>>, 'octokit'>,
  ref: string,
  task: string,
  ...states: Told['state'][]
) => {
  const asked = { ...place, ref, task, environment: 'production', payload: { by: 'hand' }, required_contexts: [] }
  const { data } = await octokit.rest.repos.createDeployment(asked)
  const deployment_id = 'id' in data ? Number(data.id) : 0
  for (const state of states) await octokit.rest.repos.createDeploymentStatus({ ...place, deployment_id, state })
  return deployment_id
}
const liveOf = async ({ tools }: Awaited<ReturnType<typeof open>>) => {
  const result = await tools.read({ intent: 'check_deployment_status', service: 'backend', environment: 'production' })
  return result.intent === 'check_deployment_status' ? result.data.live.map(({ tag, sha }) => tag ?? sha) : []
}

test.each<[string, string, Told['state'][], string]>([
  ['made by hand for our task is live', 'deploy:backend', ['success'], 'v1.2.4'],
  ['of another task is none of ours', 'deploy', ['success'], 'v1.2.2'],
  ['that waits or is under way is not live yet', 'deploy:backend', ['queued', 'in_progress'], 'v1.2.2'],
  ['that failed is not live', 'deploy:backend', ['in_progress', 'failure'], 'v1.2.2'],
  ['that broke is not live', 'deploy:backend', ['error'], 'v1.2.2'],
  ['that was given up is not live', 'deploy:backend', ['inactive'], 'v1.2.2'],
])('a deployment %s', async (_, task, states, live) => {
  const opened = await open()
  await record(opened, 'v1.2.4', task, ...states)
  expect(await liveOf(opened)).toEqual([live])
})

test('what GitHub retired for a deployment of something else is live still', async () => {
  const opened = await open()
  const mine = await record(opened, 'v1.2.4', 'deploy:backend', 'in_progress', 'success')
  const { octokit } = opened
  const { data } = await octokit.rest.repos.listDeployments({
    ...place,
    task: 'deploy:backend',
    environment: 'production',
  })
  for (const { id } of data)
    await octokit.rest.repos.createDeploymentStatus({ ...place, deployment_id: Number(id), state: 'inactive' })
  expect(data[0]?.id).toBe(mine)
  expect(await liveOf(opened)).toEqual(['v1.2.4'])
})

test('an error that is reported after a success does not bring back what was before', async () => {
  const opened = await open()
  const { data } = await opened.octokit.rest.repos.listDeployments({
    ...place,
    task: 'deploy:backend',
    environment: 'production',
  })
  const deployment_id = Number(data[0]?.id)
  await record(opened, 'v1.2.4', 'deploy:backend', 'success', 'error')
  await opened.octokit.rest.repos.createDeploymentStatus({ ...place, deployment_id, state: 'inactive' })
  expect(await liveOf(opened)).toEqual(['v1.2.4'])
})

test('tells the last five runs of a workflow', async () => {
  const { tools, octokit } = await open()
  for (let count = 1; count <= 6; count += 1) await dispatch(octokit, { dispatch_id: `d-${count}` })
  const result = await tools.read({ intent: 'get_workflow_status', workflow_name: 'deploy-backend.yml' })
  expect(result.data).toMatchObject({
    workflow_name: 'deploy-backend.yml',
    runs: [{ title: 'Deploy backend v1.2.3 to production d-6' }, {}, {}, {}, { title: /d-2$/ }].map((run) =>
      run.title instanceof RegExp ? { title: expect.stringMatching(run.title) } : run,
    ),
  })
})

test.each([
  [{ intent: 'list_git_commits', ref: 'nope' }, 'unknown_ref', []],
  [{ intent: 'compare_commits', base: 'v1.2.2', head: 'nope' }, 'unknown_ref', []],
  [{ intent: 'get_workflow_status', workflow_name: 'deploy-backnd.yml' }, 'unknown_workflow', ['deploy-backend.yml']],
  [{ intent: 'get_workflow_status', workflow_name: '..' }, 'unknown_workflow', []],
  [{ intent: 'check_deployment_status', service: 'backed' }, 'unknown_service', ['backend']],
  [{ intent: 'check_deployment_status', environment: 'prod' }, 'unknown_environment', ['production']],
] as const)('%o is %s', async (step, code, nearest) => {
  const { tools } = await open()
  await expect(tools.read(step)).rejects.toMatchObject({
    code,
    nearest: expect.arrayContaining([...nearest]),
    retryAfterMs: undefined,
  })
})
