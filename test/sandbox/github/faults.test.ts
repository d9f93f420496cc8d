import { expect, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { dispatch, open, place } from './support.ts'

const runs = async (octokit: Awaited<ReturnType<typeof open>>['octokit']) =>
  (await octokit.rest.actions.listWorkflowRunsForRepo(place)).data.total_count

test.each([
  ['the connection drops after', { do: 'drop', accept: true }, 1],
  ['the connection drops before', { do: 'drop', accept: false }, 0],
  ['502 comes after', { do: 'answer', accept: true, status: 502 }, 1],
  ['502 comes before', { do: 'answer', accept: false, status: 502 }, 0],
])('%s the dispatch was accepted: %o leaves %i runs, and only once', async (_, fault, count) => {
  const { octokit, control } = await open()
  await control('POST', '/faults', fault)
  await expect(dispatch(octokit)).rejects.toThrow()
  expect(await runs(octokit)).toBe(count)
  await dispatch(octokit, { dispatch_id: 'd-0002' })
  expect(await runs(octokit)).toBe(count + 1)
})

test.each([
  [{ status: 429, retry_after: 7 }, { 'retry-after': '7' }],
  [{ status: 403, rate_limited: true }, { 'x-ratelimit-remaining': '0' }],
])('%o is a limit that says how long', async (limit, headers) => {
  const { octokit, control } = await open()
  await control('POST', '/faults', { do: 'answer', accept: false, message: 'You have exceeded a rate limit', ...limit })
  const refused = dispatch(octokit)
  await expect(refused).rejects.toMatchObject({ status: limit.status, response: { headers } })
  expect(await runs(octokit)).toBe(0)
})

test('delays an answer that was accepted at once', async () => {
  const { octokit, control } = await open()
  await control('POST', '/faults', { do: 'delay', ms: 300 })
  const asked = dispatch(octokit)
  await eventually(async () => (await runs(octokit)) === 1)
  const { workflow_run_id } = await asked
  expect(workflow_run_id).toBeGreaterThan(0)
})

test('lets a run show up late, in lists and by its number', async () => {
  const { octokit, control } = await open()
  await control('POST', '/runs/next', { hidden_ms: 300 })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  expect(await runs(octokit)).toBe(0)
  await expect(octokit.rest.actions.getWorkflowRun({ ...place, run_id })).rejects.toMatchObject({ status: 404 })
  await eventually(async () => (await runs(octokit)) === 1)
})

test('goes wrong as often as it was told, on the requests it was told', async () => {
  const { octokit, control } = await open()
  await control('POST', '/faults', { do: 'answer', accept: false, status: 500, method: 'GET', path: '/tags', times: 2 })
  await expect(octokit.rest.repos.listTags(place)).rejects.toMatchObject({ status: 500 })
  await octokit.rest.repos.get(place)
  await expect(octokit.rest.repos.listTags(place)).rejects.toMatchObject({ status: 500 })
  expect((await octokit.rest.repos.listTags(place)).data).toHaveLength(9)
})

test('counts every request, and forgets faults and counts when told', async () => {
  const { octokit, control } = await open()
  await octokit.rest.repos.get(place)
  await dispatch(octokit)
  expect(await control('GET', '/requests')).toMatchObject([
    { method: 'GET', path: '/repos/acme/shop' },
    { method: 'POST', path: '/repos/acme/shop/actions/workflows/deploy-backend.yml/dispatches' },
  ])
  expect(await control('DELETE', '/requests')).toEqual([])
  await control('POST', '/faults', { do: 'drop', accept: true })
  expect(await control('DELETE', '/faults')).toEqual({ requests: [], runs: [], webhooks: 'normal' })
  await dispatch(octokit)
})

test('refuses a control that it does not understand', async () => {
  const { control } = await open()
  await expect(control('POST', '/faults', { do: 'explode' })).rejects.toThrow('422')
  await expect(control('POST', '/tags', { name: 'v9', to: 'nope' })).rejects.toThrow('422')
  await expect(control('POST', '/commits', { message: 'x', branch: 'nope' })).rejects.toThrow('422')
})
