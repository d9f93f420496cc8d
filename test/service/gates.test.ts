import { setTimeout as sleep } from 'node:timers/promises'
import { Octokit } from 'octokit'
import { expect, test } from 'vitest'
import { startTestService, type TestService, types } from '../support/service.ts'

const place = { owner: 'acme', repo: 'shop' }

const control = async (bot: TestService, method: string, path: string, body?: object): Promise<unknown> => {
  const headers = { 'content-type': 'application/json' }
  const init = body ? { method, headers, body: JSON.stringify(body) } : { method }
  const answer = await fetch(`${bot.github()}/_sandbox/${path}`, init)
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** The service beside a production whose gate it keeps. */
const start = async (options: { sweepMs?: number; webhooks?: 'off' | 'twice' } = {}) => {
  const { webhooks, sweepMs = 600_000 } = options
  const bot = await startTestService({}, undefined, { sweepMs })
  await control(bot, 'PUT', 'environments/production', { gated: true })
  if (webhooks) await control(bot, 'PUT', 'webhooks', { mode: webhooks })
  return bot
}

const octokitOf = (bot: TestService) =>
  new Octokit({ auth: 'somebody', baseUrl: bot.github(), retry: { enabled: false } })

/** Somebody starts the workflow by hand. */
const byHand = async (bot: TestService, environment = 'production', dispatch_id = 'by-hand'): Promise<number> => {
  const sha = '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582'
  const inputs = { dispatch_id, service: 'backend', environment, tag: 'v1.2.3', sha }
  const asked = { ...place, workflow_id: 'deploy-backend.yml', ref: 'main', inputs, return_run_details: true }
  const { data } = await octokitOf(bot).rest.actions.createWorkflowDispatch(asked)
  return Number((data as unknown as { workflow_run_id: number }).workflow_run_id)
}

const runOf = async (bot: TestService, run_id: number) =>
  (await octokitOf(bot).rest.actions.getWorkflowRun({ ...place, run_id })).data

const untilRun = async (bot: TestService, run_id: number, status: string) => {
  for (;;) {
    const run = await runOf(bot, run_id)
    if (run.status === status) return run
    await sleep(30)
  }
}

const gates = async (bot: TestService): Promise<string[]> =>
  (await bot.call('/threads?agent=gate')).body.threads.map(({ id }: { id: string }) => id)

/** The newest of so many. */
const untilGate = async (bot: TestService, count = 1): Promise<string> => {
  for (;;) {
    const ids = await gates(bot)
    if (ids.length >= count) return ids[0] ?? ''
    await sleep(30)
  }
}

/** How often a run was answered. */
const answers = async (bot: TestService): Promise<number> => {
  const requests = (await control(bot, 'GET', 'requests')) as { method: string; path: string }[]
  return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/deployment_protection_rule')).length
}

test('a run that somebody started asks a person, and goes on with their yes', async () => {
  const bot = await start()
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const asked = await bot.untilAsked(id, 'approval')
  expect(asked).toMatchObject({
    intent: 'open_gate',
    environment: 'production',
    workflow: 'deploy-backend.yml',
    sha: (await runOf(bot, run_id)).head_sha,
    approvers: ['lead', 'oncall', 'local'],
    args: {},
    gate: {
      run_id,
      attempt: 1,
      requested_by: expect.any(String),
      commit_by: 'inputs',
      html_url: expect.stringContaining(`/runs/${run_id}`),
      title: expect.stringContaining('v1.2.3'),
    },
  })
  expect(await answers(bot)).toBe(0)
  await bot.respond(id, asked.seq, { approved: true })
  const view = await bot.untilStatus(id, 'done')
  expect(types(view)).toEqual([
    'thread_launched',
    'gate_requested',
    'open_gate',
    'approval_requested',
    'approval_given',
    'tool_started',
    'dispatch_accepted',
    ...types(view).filter((type) => type === 'run_reported'),
    'open_gate_result',
    'done_for_now',
  ])
  expect(await runOf(bot, run_id)).toMatchObject({ status: 'completed', conclusion: 'success' })
  expect(await answers(bot)).toBe(1)
})

test('a no ends the run, with what the person said', async () => {
  const bot = await start()
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: false, comment: 'not before Monday' })
  const view = await bot.untilStatus(id, 'done')
  expect(view.events.at(-1)).toMatchObject({ data: { message: expect.stringContaining('not before Monday') } })
  expect(await untilRun(bot, run_id, 'completed')).toMatchObject({ conclusion: 'failure' })
  expect(await answers(bot)).toBe(1)
})

test('cancelling the thread ends the run too', async () => {
  const bot = await start()
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  await bot.untilAsked(id, 'approval')
  await bot.post(`/threads/${id}/cancel`, { reason: 'wrong branch' })
  const view = await bot.untilEvent(id, 'close_gate_result')
  expect(view.status).toBe('cancelled')
  expect(await untilRun(bot, run_id, 'completed')).toMatchObject({ conclusion: 'failure' })
})

test('a deployment of our own passes the gate without a second question', async () => {
  const bot = await start()
  const id = await bot.launch('deploy backend v1.2.3 to staging, then to production')
  let seen = 0
  let view = await bot.thread(id)
  while (view.status !== 'done') {
    view = await bot.until(
      id,
      'a question or an end',
      ({ status, waiting_for }) => status === 'done' || (waiting_for?.kind === 'approval' && waiting_for.seq > seen),
    )
    if (view.status === 'done') break
    seen = view.waiting_for?.seq ?? 0
    await bot.respond(id, seen, { approved: true })
  }
  const result = view.events.findLast(({ type }) => type === 'deploy_backend_result')
  expect(result).toMatchObject({ data: { status: 'success', environment: 'production' } })
  const [gate = ''] = await gates(bot)
  const opened = await bot.untilStatus(gate, 'done')
  expect(types(opened)).not.toContain('approval_requested')
  const waived = opened.events.find(({ type }) => type === 'approval_waived')
  expect(waived).toMatchObject({
    data: { reason: expect.stringContaining(id), gate: { dispatched_by: { thread_id: id } } },
  })
  expect(await gates(bot)).toHaveLength(1)
  expect(await answers(bot)).toBe(1)
})

test('a run that takes the name of a dispatch of ours is still nobody we know', async () => {
  const bot = await start()
  const id = await bot.launch('deploy backend v1.2.2 to production')
  await control(bot, 'PUT', 'pace', { queued: 30, running: 20_000 })
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  const { dispatch_id } = await bot.untilAsked(id, 'run')
  await untilGate(bot)
  const run_id = await byHand(bot, 'production', dispatch_id)
  const asked = await bot.untilAsked(await untilGate(bot, 2), 'approval')
  expect(asked).toMatchObject({ gate: { run_id, dispatched_by: null, title: expect.stringContaining(dispatch_id) } })
})

test('with all webhooks lost the sweep finds the run', async () => {
  const bot = await start({ webhooks: 'off', sweepMs: 50 })
  await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  await bot.untilStatus(id, 'done')
  expect(await gates(bot)).toHaveLength(1)
})

test('told twice, and swept as well, it is one thread', async () => {
  const bot = await start({ webhooks: 'twice', sweepMs: 40 })
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  await sleep(200)
  expect(await gates(bot)).toEqual([id])
  await bot.respond(id, seq, { approved: true })
  await bot.untilStatus(id, 'done')
  expect(await untilRun(bot, run_id, 'completed')).toMatchObject({ conclusion: 'success' })
  expect(await gates(bot)).toEqual([id])
})

test('an answer that GitHub took and did not confirm is not sent again', async () => {
  const bot = await start()
  await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  const fault = { do: 'answer', accept: true, status: 502, message: 'Bad Gateway', times: 1 }
  await control(bot, 'POST', 'faults', { ...fault, method: 'POST', path: 'deployment_protection_rule' })
  await bot.respond(id, seq, { approved: true })
  const view = await bot.untilStatus(id, 'done')
  expect(types(view)).toContain('dispatch_unclear')
  expect(types(view).filter((type) => type === 'tool_started')).toHaveLength(1)
  expect(await answers(bot)).toBe(1)
})

test('one that never came through is sent again once the run is seen to wait still', { timeout: 40_000 }, async () => {
  const bot = await start()
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  const fault = { do: 'answer', accept: false, status: 502, message: 'Bad Gateway', times: 1 }
  await control(bot, 'POST', 'faults', { ...fault, method: 'POST', path: 'deployment_protection_rule' })
  await bot.respond(id, seq, { approved: true })
  const view = await bot.untilStatus(id, 'done')
  expect(types(view)).toEqual(expect.arrayContaining(['dispatch_unclear', 'dispatch_deferred', 'open_gate_result']))
  expect(types(view).filter((type) => type === 'approval_requested')).toHaveLength(1)
  expect(await runOf(bot, run_id)).toMatchObject({ conclusion: 'success' })
  expect(await answers(bot)).toBe(2)
})

test('a run that is cancelled while it waits is not opened by a late yes', async () => {
  const bot = await start()
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  await octokitOf(bot).rest.actions.cancelWorkflowRun({ ...place, run_id })
  await untilRun(bot, run_id, 'completed')
  await bot.respond(id, seq, { approved: true })
  const view = await bot.untilStatus(id, 'done')
  expect(view.events.at(-1)).toMatchObject({ data: { message: expect.stringContaining('does not wait') } })
  expect(await answers(bot)).toBe(0)
})

test('nobody is asked any longer about a run that was cancelled', async () => {
  const bot = await start({ sweepMs: 50 })
  const run_id = await byHand(bot)
  const id = await untilGate(bot)
  const { seq } = await bot.untilAsked(id, 'approval')
  await octokitOf(bot).rest.actions.cancelWorkflowRun({ ...place, run_id })
  const view = await bot.untilStatus(id, 'done')
  expect(types(view)).toContain('approval_superseded')
  expect((await bot.respond(id, seq, { approved: true })).status).toBe(409)
  expect(await answers(bot)).toBe(0)
})

test('an environment that deploybot.yaml does not name is left alone', async () => {
  const bot = await start({ sweepMs: 40 })
  await control(bot, 'PUT', 'environments/moon', { gated: true })
  const run_id = await byHand(bot, 'moon')
  await untilRun(bot, run_id, 'waiting')
  await sleep(300)
  expect(await gates(bot)).toEqual([])
})
