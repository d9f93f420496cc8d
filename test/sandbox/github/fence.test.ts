import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Octokit } from 'octokit'
import { expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import { openReceiver, told } from './receiver.ts'
import { completed, dispatch, open, place } from './support.ts'

const silence = 0

/** A keeper of the fence: takes down who claimed what, and answers as it is told. */
const openKeeper = async (answers: number[]) => {
  const claims: { path: string; run: string; attempt: string; audience: string }[] = []
  const server = createServer((request, response) => {
    const [, body = ''] = (request.headers.authorization ?? '').split('.')
    const { run_id, run_attempt, aud } = JSON.parse(Buffer.from(body, 'base64url').toString())
    claims.push({ path: `${request.method} ${request.url}`, run: run_id, attempt: run_attempt, audience: aud })
    const status = answers.shift() ?? 200
    if (status !== silence) response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, claims }
}

const jobsOf = async (octokit: Octokit, run_id: number) => {
  const { data } = await octokit.rest.actions.listJobsForWorkflowRun({ ...place, run_id })
  return data.jobs.map(({ name, conclusion }) => `${name}: ${conclusion}`)
}

test('claims its dispatch with the token of its job before it does anything', async () => {
  const keeper = await openKeeper([200])
  const receiver = await openReceiver()
  const { octokit, control } = await open({ webhook: receiver })
  await control('PUT', '/claims', { url: keeper.url })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
  expect(keeper.claims).toEqual([
    { path: 'POST /dispatches/d-0001/claim', run: String(run_id), attempt: '1', audience: keeper.url },
  ])
  expect(await jobsOf(octokit, run_id)).toEqual(['Claim: success', 'deploy: success'])
  await eventually(() => told(receiver.received, 'workflow_run').includes('completed'))
  expect(told(receiver.received, 'workflow_job')).toEqual([
    ...['queued', 'in_progress', 'completed', 'in_progress', 'completed'],
  ])
})

test('stops in its first job when the claim is refused, and records no deployment', async () => {
  const keeper = await openKeeper([200, 409])
  const { octokit, control } = await open()
  await control('PUT', '/claims', { url: keeper.url, audience: 'https://bot.test' })
  const first = await dispatch(octokit)
  const second = await dispatch(octokit)
  const ends = [await completed(octokit, first.workflow_run_id), await completed(octokit, second.workflow_run_id)]
  expect(ends.map(({ conclusion }) => conclusion).sort()).toEqual(['failure', 'success'])
  const lost = ends.find(({ conclusion }) => conclusion === 'failure')
  expect(await jobsOf(octokit, Number(lost?.id))).toEqual(['Claim: failure', 'deploy: skipped'])
  const made = { ...place, task: 'deploy:backend', environment: 'production' }
  expect((await octokit.rest.repos.listDeployments(made)).data).toHaveLength(2)
  expect(keeper.claims[0]?.audience).toBe('https://bot.test')
  const { made: claims } = await control<{ made: { state: string; status: number }[] }>('GET', '/claims')
  expect(claims.map(({ state, status }) => `${state} ${status}`).sort()).toEqual(['lost 409', 'won 200'])
})

test('asks again when there is no answer, and gives up after three', async () => {
  const keeper = await openKeeper([503, 502, 200, 500, 500, 500])
  const { octokit, control } = await open()
  await control('PUT', '/claims', { url: keeper.url })
  expect(await completed(octokit, (await dispatch(octokit)).workflow_run_id)).toMatchObject({ conclusion: 'success' })
  expect(await completed(octokit, (await dispatch(octokit)).workflow_run_id)).toMatchObject({ conclusion: 'failure' })
  expect(keeper.claims).toHaveLength(6)
})

test('comes to the gate only past the fence, and claims nothing for tests or when told off', async () => {
  const keeper = await openKeeper([])
  const { octokit, control } = await open()
  await control('PUT', '/claims', { url: keeper.url })
  await control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await eventually(async () => {
    const { data } = await octokit.rest.actions.getWorkflowRun({ ...place, run_id })
    return data.status === 'waiting'
  })
  expect(await jobsOf(octokit, run_id)).toEqual(['Claim: success', 'deploy: null'])
  await octokit.rest.actions.reviewCustomGatesForRun({
    ...place,
    run_id,
    environment_name: 'production',
    state: 'approved',
  })
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
  await completed(octokit, (await dispatch(octokit, {}, 'e2e.yml')).workflow_run_id)
  await control('PUT', '/claims', { url: null })
  await completed(octokit, (await dispatch(octokit, { environment: 'staging' })).workflow_run_id)
  expect(keeper.claims).toHaveLength(1)
})

test('claims with its own number of attempt when it is run again', async () => {
  const keeper = await openKeeper([200, 409])
  const { octokit, control } = await open()
  await control('PUT', '/claims', { url: keeper.url })
  const { workflow_run_id: run_id } = await dispatch(octokit)
  await completed(octokit, run_id)
  await octokit.rest.actions.reRunWorkflow({ ...place, run_id })
  expect(await completed(octokit, run_id)).toMatchObject({ run_attempt: 2, conclusion: 'failure' })
  expect(keeper.claims.map(({ run, attempt }) => `${run} ${attempt}`)).toEqual([`${run_id} 1`, `${run_id} 2`])
  expect(await jobsOf(octokit, run_id)).toEqual(['Claim: failure', 'deploy: skipped'])
})

test('stands before the fence still after a restart, and asks again', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-fence-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const stateFile = join(folder, 'github.json')
  const keeper = await openKeeper([silence, 200])
  const first = await open({ stateFile })
  await first.control('PUT', '/claims', { url: keeper.url })
  const { workflow_run_id: run_id } = await dispatch(first.octokit)
  await eventually(() => keeper.claims.length === 1)
  await first.sandbox.close()
  const { octokit } = await open({ stateFile })
  expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
  expect(keeper.claims).toHaveLength(2)
})
