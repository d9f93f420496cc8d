import { expect, test } from 'vitest'
import { freePort } from '../support/free-port.ts'
import { lacksRunnerPrograms } from '../support/programs.ts'
import { startAction } from '../support/runner.ts'
import { startTestService, type TestService, types } from '../support/service.ts'

const json = (method: string, body: object) => ({
  method,
  headers: { 'content-type': 'application/json', authorization: 'Bearer sandbox' },
  body: JSON.stringify(body),
})
const control = (bot: TestService, path: string, method: string, body: object) =>
  fetch(`${bot.github()}/_sandbox/${path}`, json(method, body))

/** The sandbox GitHub is its own issuer, and its runs ask before they touch anything. */
const fenced = async () => {
  const bot = await startTestService({ PORT: String(await freePort()) })
  await control(bot, 'claims', 'PUT', { url: bot.url(), audience: bot.url() })
  return bot
}
const runs = async (bot: TestService): Promise<{ id: number; conclusion: string | null; status: string }[]> => {
  const answer = await fetch(`${bot.github()}/repos/acme/shop/actions/runs?event=workflow_dispatch`, {
    headers: { authorization: 'Bearer sandbox' },
  })
  return ((await answer.json()) as { workflow_runs: [] }).workflow_runs
}

test('a run passes the fence once it has claimed its dispatch, and deploys', async () => {
  const bot = await fenced()
  const id = await bot.launch('deploy frontend v1.2.3 to staging')
  const done = await bot.untilStatus(id, 'done')
  expect(types(done)).toEqual(expect.arrayContaining(['dispatch_claimed', 'deploy_frontend_result']))
  const result = done.events.find(({ type }) => type === 'deploy_frontend_result')
  expect(result?.data).toMatchObject({ status: 'success' })
})

test('of two runs of one dispatch one deploys, and the other ends before it touches anything', async () => {
  const bot = await fenced()
  await control(bot, 'pace', 'PUT', { queued: 300, running: 300 })
  const id = await bot.launch('deploy frontend v1.2.3 to staging')
  const { dispatch_id } = await bot.untilAsked(id, 'run')
  const inputs = { dispatch_id, service: 'frontend', environment: 'staging', tag: 'v1.2.3', sha: 'f'.repeat(40) }
  const path = '/repos/acme/shop/actions/workflows/deploy-frontend.yml/dispatches'
  const again = await fetch(`${bot.github()}${path}`, json('POST', { ref: 'main', inputs }))
  expect(again.status).toBeLessThan(300)
  await bot.untilStatus(id, 'done')
  await expect.poll(async () => (await runs(bot)).map(({ status }) => status)).toEqual(['completed', 'completed'])
  expect((await runs(bot)).map(({ conclusion }) => conclusion).sort()).toEqual(['failure', 'success'])
})

test('a dispatch whose answer was lost is settled by its run itself, before GitHub shows it', async () => {
  const bot = await fenced()
  await control(bot, 'faults', 'POST', { do: 'drop', accept: true })
  await control(bot, 'runs/next', 'POST', { hidden_ms: 4_000 })
  const id = await bot.launch('deploy frontend v1.2.3 to staging')
  const claimed = await bot.untilEvent(id, 'dispatch_claimed')
  expect(claimed.waiting_for).toMatchObject({ kind: 'run', run_id: expect.any(Number) })
  const done = await bot.untilStatus(id, 'done')
  expect(types(done)).not.toContain('dispatch_unknown')
})

test('a run of a thread that was cancelled does not pass', async () => {
  const bot = await fenced()
  await control(bot, 'pace', 'PUT', { queued: 1_000, running: 300 })
  const id = await bot.launch('deploy frontend v1.2.3 to staging')
  await bot.untilAsked(id, 'run')
  await bot.post(`/threads/${id}/cancel`, {})
  await expect.poll(async () => (await runs(bot))[0]?.status, { timeout: 15_000 }).toBe('completed')
  expect((await runs(bot))[0]?.conclusion).not.toBe('success')
  expect(types(await bot.thread(id))).not.toContain('dispatch_claimed')
})

test.skipIf(lacksRunnerPrograms)(
  'a job of the sandbox asks by the action, as the shipped rules allow, and waits for the end',
  async () => {
    const bot = await fenced()
    const runner = {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${bot.github()}/_sandbox/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'a-job',
    }
    const inputs = { url: bot.url(), message: 'deploy frontend v1.2.3 to staging', wait: 'true' }
    const action = await startAction('launch', inputs, runner)
    expect({ code: await action.code, said: action.said() }).toEqual({
      code: 0,
      said: expect.stringContaining('\ndone: '),
    })
  },
)
