import { describe, expect, test } from 'vitest'
import type { DispatchOrder, GateAnswer } from '../../src/agent/ports.ts'
import { prepareGate } from '../../src/tools/gates.ts'
import { privateKey } from '../sandbox/github/receiver.ts'
import { completed, dispatch, octokitOf, place } from '../sandbox/github/support.ts'
import { eventually } from '../support/eventually.ts'
import { facts } from '../thread/spec.ts'
import { open, order, target, toolsOf } from './support.ts'

/** A run that somebody started waits before production. */
const start = async () => {
  const opened = await open()
  await opened.control('PUT', '/environments/production', { gated: true })
  const { workflow_run_id: run_id, html_url } = await dispatch(opened.octokit)
  const run = () => opened.octokit.rest.actions.getWorkflowRun({ ...place, run_id })
  await eventually(async () => (await run()).data.status === 'waiting')
  const { data } = await run()
  const gate = { run_id, attempt: 1 }
  const at = { ...target, intent: 'open_gate', tag: data.head_sha, gate } as const
  const answer = (state: GateAnswer['state'], environment = 'production'): DispatchOrder => ({
    ...order,
    environment,
    gate: { ...gate, html_url, state, comment: 'said a person' },
  })
  const answered = async () =>
    (await opened.requests()).filter(({ method, path }) => method === 'POST' && path.endsWith('_protection_rule'))
      .length
  const fault = (more: object) =>
    opened.control('POST', '/faults', { method: 'POST', path: 'protection_rule', times: 1, ...more })
  return { ...opened, run_id, html_url, head: data.head_sha, at, answer, answered, fault }
}

describe('runs that wait', () => {
  test('are found with all that a person must know of them', async () => {
    const { tools, run_id, html_url, head } = await start()
    const [found, ...more] = await tools.gates.waiting('acme/shop')
    expect(more).toEqual([])
    expect(found).toEqual({
      repository: 'acme/shop',
      run_id,
      attempt: 1,
      workflow: 'deploy-backend.yml',
      ref: 'main',
      sha: head,
      title: 'Deploy backend v1.2.3 to production d-0001',
      event: 'workflow_dispatch',
      requested_by: expect.any(String),
      html_url,
    })
    expect(await tools.gates.run('acme/shop', run_id)).toEqual(found)
    expect(await tools.gates.environments('acme/shop', run_id)).toEqual(['production'])
  })
  test('of which there are none, are none', async () => {
    const { tools, run_id } = await start()
    expect(await tools.gates.run('acme/shop', 1)).toBeNull()
    expect(await tools.gates.environments('acme/shop', 1)).toEqual([])
    await tools.cancelRun('acme/shop', run_id)
    await eventually(async () => (await tools.gates.waiting('acme/shop')).length === 0)
  })
  test('wait for us only where the rule is that of our App', async () => {
    const { tools, sandbox } = await start()
    expect(await tools.gates.isOurs('acme/shop', 'production')).toBe(true)
    expect(await tools.gates.isOurs('acme/shop', 'staging')).toBe(false)
    const app = (appId: number | string) => toolsOf(sandbox.url, { auth: { appId, privateKey } }).gates
    expect(await app(1).isOurs('acme/shop', 'production')).toBe(true)
    expect(await app(2).isOurs('acme/shop', 'production')).toBe(false)
  })
})

describe('what letting a run on would do', () => {
  test('of one with inputs: what is live, and nothing that would be a guess', async () => {
    const { tools, at, run_id, head, html_url } = await start()
    const found = await tools.prepare(at)
    expect(found).toMatchObject({
      sha: head,
      live: { tag: 'v1.2.2' },
      direction: 'unknown',
      commits: [],
      stage: null,
      gate: { run_id, attempt: 1, commit_by: 'inputs', html_url, dispatched_by: null },
    })
  })
  test('of one that deploys its own commit: what that would ship, and whether it was on staging', async () => {
    const { sandbox, at } = await start()
    const octokit = octokitOf(sandbox.url)
    octokit.hook.after('request', ({ data }) => {
      if (typeof data === 'object' && data !== null && 'event' in data) data.event = 'push'
    })
    const found = await prepareGate(
      { octokit, graphql: octokit.graphql, owner: 'acme', repo: 'shop' },
      at,
      at.gate,
      async (asked) => facts({ tag: asked.tag, stage: { environment: String(asked.after), succeeded: false } }),
    )
    expect(found).toMatchObject({
      direction: 'forward',
      commits_total: 1,
      stage: { environment: 'staging', succeeded: false },
      gate: { commit_by: 'run', event: 'push' },
    })
  })
  test('of the workflow of no service: nothing is known to be live', async () => {
    const { tools, at } = await start()
    const found = await tools.prepare({ ...at, service: 'deploy-backend.yml' })
    expect(found).toMatchObject({ service: 'deploy-backend.yml', live: null, direction: 'unknown', stage: null })
  })
  test('of one that does not wait there any more, or of another attempt: nothing', async () => {
    const { tools, at, run_id, octokit } = await start()
    const gone = { code: 'gate_gone', retryAfterMs: undefined }
    await expect(tools.prepare({ ...at, environment: 'staging' })).rejects.toMatchObject(gone)
    await expect(tools.prepare({ ...at, gate: { run_id, attempt: 2 } })).rejects.toMatchObject(gone)
    await tools.cancelRun('acme/shop', run_id)
    await completed(octokit, run_id)
    await expect(tools.prepare(at)).rejects.toMatchObject(gone)
  })
})

describe('an answer', () => {
  test('lets the run on, with one POST and in our words', async () => {
    const { tools, answer, answered, run_id, html_url, octokit } = await start()
    expect(await tools.dispatch(answer('approved'))).toEqual({ outcome: 'accepted', run_id, html_url })
    expect(await answered()).toBe(1)
    expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'success' })
  })
  test('turns it away', async () => {
    const { tools, answer, run_id, octokit } = await start()
    expect(await tools.dispatch(answer('rejected'))).toMatchObject({ outcome: 'accepted' })
    expect(await completed(octokit, run_id)).toMatchObject({ conclusion: 'failure' })
    expect(await tools.dispatch(answer('rejected'))).toMatchObject({ outcome: 'refused', code: 'gate_gone' })
  })
  test('that was given before is no other answer', async () => {
    const { tools, answer, run_id } = await start()
    await tools.dispatch(answer('approved'))
    expect(await tools.dispatch(answer('approved'))).toMatchObject({ outcome: 'accepted', run_id })
  })
  test('to nobody who waits is refused', async () => {
    const { tools, answer, answered } = await start()
    expect(await tools.dispatch(answer('approved', 'staging'))).toMatchObject({ outcome: 'refused', code: 'gate_gone' })
    expect(await answered()).toBe(1)
  })
  test('a moment too early is given again later', async () => {
    const { tools, answer, fault } = await start()
    await fault({ do: 'answer', accept: false, status: 422, message: 'No pending deployment requests to approve' })
    const early = await tools.dispatch(answer('approved'))
    expect(early).toMatchObject({ outcome: 'deferred', retry_after_ms: expect.any(Number) })
  })
  test('may be unclear, put off or forbidden, and is sent once in any case', async () => {
    const { tools, answer, answered, fault } = await start()
    const fails = (status: number, more: object = {}) =>
      fault({ do: 'answer', accept: false, status, message: 'no', ...more })
    await fails(502)
    expect(await tools.dispatch(answer('approved'))).toMatchObject({ outcome: 'unclear' })
    await fault({ do: 'drop', accept: false })
    expect(await tools.dispatch(answer('approved'))).toMatchObject({ outcome: 'unclear' })
    await fails(403, { message: 'Resource not accessible by integration' })
    expect(await tools.dispatch(answer('approved'))).toMatchObject({
      outcome: 'refused',
      code: 'github_forbidden',
      message: expect.stringContaining('Deployments: write'),
    })
    await fails(429, { retry_after: 7 })
    expect(await tools.dispatch(answer('approved'))).toMatchObject({ outcome: 'deferred', retry_after_ms: 7_000 })
    expect(await answered()).toBe(4)
  })
})

describe('what became of an answer', () => {
  test('is not known as long as the run still waits; then the run tells', async () => {
    const { tools, answer, run_id, octokit } = await start()
    expect(await tools.verify(answer('approved'), null)).toBeNull()
    // Another rule may still hold it, where GitHub has our answer.
    expect(await tools.verify(answer('approved'), run_id)).toMatchObject({ status: 'queued' })
    await tools.dispatch(answer('approved'))
    await completed(octokit, run_id)
    expect(await tools.verify(answer('approved'), null)).toMatchObject({ run_id, status: 'completed', attempt: 1 })
  })
  test('is told of the attempt that was answered, and of no other', async () => {
    const { tools, answer, run_id, octokit } = await start()
    await tools.dispatch(answer('rejected'))
    await completed(octokit, run_id)
    await octokit.rest.actions.reRunWorkflow({ ...place, run_id })
    const seen = await tools.verify(answer('approved'), run_id)
    expect(seen).toMatchObject({ attempt: 1, status: 'completed', conclusion: 'failure' })
  })
})
