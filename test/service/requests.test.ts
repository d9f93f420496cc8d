import { describe, expect, test } from 'vitest'
import { startTestService, type TestService, types } from '../support/service.ts'

interface Logged {
  method: string
  path: string
  status: number
}

const steer = (bot: TestService, method: string, path: string, body?: object) =>
  fetch(`${bot.github()}/_sandbox${path}`, {
    method,
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  })

/** What GitHub was asked since this was asked last; following the run is kept apart, and looking for merges is no part of it. */
const asked = async (bot: TestService) => {
  const all = (await (await steer(bot, 'GET', '/requests')).json()) as Logged[]
  await steer(bot, 'DELETE', '/requests')
  return {
    work: all
      .filter(({ path }) => !/\/(actions\/runs|pulls)/.test(path))
      .map(({ method, path }) => `${method} ${path}`),
    listed: all.filter(({ path }) => path.endsWith('/actions/runs')),
    following: all.filter(({ path }) => path.includes('/actions/runs/')),
  }
}

describe('what one deployment asks of GitHub', () => {
  test('is at most eight requests from launch to done, following the run apart', async () => {
    const bot = await startTestService()
    await steer(bot, 'PUT', '/webhooks', { mode: 'off' })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const before = await asked(bot)
    // Tags and what is live; then all that can change, what lies between, its pull requests.
    expect(before.work).toHaveLength(4)
    // What others have started, once for a thread that begins; and once, for all threads, what waits at gates.
    expect(before.listed.length).toBeGreaterThanOrEqual(1)
    expect(before.listed.length).toBeLessThanOrEqual(2)
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    const after = await asked(bot)
    // Looked at again, dispatched, and what is live then.
    expect(after.work.length).toBeLessThanOrEqual(4)
    expect(after.work.filter((line) => line.endsWith('/dispatches'))).toHaveLength(1)
    expect(after.listed.length + before.listed.length).toBeLessThanOrEqual(2)
    expect(before.work.length + after.work.length).toBeLessThanOrEqual(8)
  })

  test('while a run does not move, looking at it again costs nothing of the limit', async () => {
    const bot = await startTestService()
    await steer(bot, 'PUT', '/webhooks', { mode: 'off' })
    await steer(bot, 'PUT', '/pace', { queued: 0, running: 60_000 })
    const id = await bot.launch('deploy backend v1.2.3 to staging')
    await bot.until(id, 'run under way', ({ events }) =>
      events.some(({ type, data }) => type === 'run_reported' && 'status' in data && data.status === 'in_progress'),
    )
    await asked(bot)
    const looked = async (): Promise<Logged[]> => {
      const { following } = await asked(bot)
      return following.length > 0 ? following : new Promise((done) => setTimeout(() => done(looked()), 200))
    }
    expect((await looked()).every(({ status }) => status === 304)).toBe(true)
  })
})

test('a run that failed tells the step and the last lines before its result, and the person is asked', async () => {
  const bot = await startTestService()
  await steer(bot, 'POST', '/runs/next', { conclusion: 'failure', step: 'Deploy', log: 'no space left on device' })
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  const asking = await bot.untilAsked(id, 'human_input')
  expect(asking.question).toContain('failed')
  const view = await bot.thread(id)
  const at = types(view).indexOf('error')
  expect(types(view).slice(at - 1, at + 2)).toEqual(['run_reported', 'error', 'deploy_backend_result'])
  expect(view.events[at]?.data).toMatchObject({
    code: 'run_failed',
    job: 'deploy',
    step: 'Deploy',
    log: expect.stringMatching(/no space left on device\nerror: Process completed with exit code 1\.$/),
  })
  const prompt = await bot.call(`/threads/${id}/prompt`)
  expect(JSON.stringify(prompt.body)).toContain('no space left on device')
})

test('a run that somebody cancels at GitHub is told as cancelled, not as broken', async () => {
  const bot = await startTestService()
  await steer(bot, 'PUT', '/pace', { queued: 0, running: 20_000 })
  const id = await bot.launch('deploy backend v1.2.3 to staging')
  const { events } = await bot.untilEvent(id, 'dispatch_accepted')
  const accepted = events.find(({ type }) => type === 'dispatch_accepted')?.data as { run_id: number }
  const path = `/repos/acme/shop/actions/runs/${accepted.run_id}/cancel`
  await fetch(`${bot.github()}${path}`, { method: 'POST', headers: { authorization: 'token x' } })
  const view = await bot.untilEvent(id, 'deploy_backend_result')
  expect(view.events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({
    status: 'cancelled',
    message: expect.stringContaining('was cancelled'),
  })
  expect(types(view)).not.toContain('error')
})
