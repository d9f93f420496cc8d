import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { octokitOf, open, place } from './support.ts'

const search = { owner: 'acme', repo: 'search' }

test('has a second repository with a history, deployments and workflows of its own', async () => {
  const { octokit } = await open()
  const { data } = await octokit.rest.repos.get(search)
  expect(data).toMatchObject({ full_name: 'acme/search', name: 'search' })
  const tags = (await octokit.rest.repos.listTags(search)).data.map(({ name }) => name)
  expect(tags).toEqual(['v0.5.0', 'v0.4.1', 'v0.4.0'])
  const workflows = async (where: typeof search) =>
    (await octokit.rest.actions.listRepoWorkflows(where)).data.workflows.map(({ path }) => path.split('/').at(-1))
  expect(await workflows(search)).toEqual(['e2e.yml', 'deploy-search.yml'])
  expect(await workflows(place)).not.toContain('deploy-search.yml')
  const { data: deployments } = await octokit.rest.repos.listDeployments(search)
  expect(deployments.map(({ task, environment }) => `${task} ${environment}`)).toEqual([
    'deploy:search production',
    'deploy:search staging',
  ])
})

test('both answer questions by GraphQL, and a deployment of either is found by its id', async () => {
  const { octokit } = await open()
  const fields = '{ deployments(environments: ["staging"], first: 1) { nodes { id task } } }'
  const query = `query { repository(owner: "acme", name: "search") ${fields} }`
  const { repository } = await octokit.graphql<{
    repository: { deployments: { nodes: { id: string; task: string }[] } }
  }>(query)
  const [{ id = '' } = {}] = repository.deployments.nodes
  const found = await octokit.graphql<{ nodes: object[] }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Deployment { id task } } }',
    { ids: [id] },
  )
  expect(found.nodes).toEqual([{ id, task: 'deploy:search' }])
})

test('strings are pulled in it by its name, and each request is counted once', async () => {
  const { octokit, control } = await open()
  await control('DELETE', '/requests')
  const [{ number }] = await control<[{ number: number }]>('POST', '/repos/acme/search/merges', {})
  const { data } = await octokit.rest.pulls.get({ ...search, pull_number: number })
  expect(data.merged).toBe(true)
  await expect(octokit.rest.pulls.get({ ...place, pull_number: number })).rejects.toMatchObject({ status: 404 })
  expect(await control('GET', '/requests')).toHaveLength(2)
})

test('a run of it has a number that no other has, and outlives the process in a file of its own', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  const stateFile = join(directory, 'github.json')
  const first = await open({ stateFile })
  const inputs = { dispatch_id: 'd', service: 'search', environment: 'staging', tag: 'v0.5.0', sha: 'x' }
  const asked = { ...search, workflow_id: 'deploy-search.yml', ref: 'main', inputs }
  await first.octokit.rest.actions.createWorkflowDispatch(asked)
  await first.sandbox.close()
  const again = await open({ stateFile })
  const run = await eventually(async () => {
    const { data } = await octokitOf(again.sandbox.url).rest.actions.listWorkflowRunsForRepo(search)
    return data.workflow_runs.find(({ status }) => status === 'completed')
  })
  expect(run.id).toBeGreaterThan(10_000_500_000)
})
