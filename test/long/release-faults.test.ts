import { describe, expect, test } from 'vitest'
import {
  childOf,
  control,
  liveOn,
  merge,
  outcomeOf,
  releasesOf,
  runsOf,
  startReleases,
  untilCalm,
  untilReleased,
} from '../support/release.ts'
import { type TestService, types } from '../support/service.ts'

const LONG = { timeout: 60_000 }
// Staging, its tests, production, its tests.
const RUNS = 4

const dispatchesOf = async (bot: TestService): Promise<number> => {
  const requests = (await (await fetch(`${bot.github()}/_sandbox/requests`)).json()) as {
    method: string
    path: string
  }[]
  return requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/dispatches')).length
}

/** One merge, seen through: it must have been released, by one release, each dispatch sent once. */
const released = async (bot: TestService) => {
  const [{ sha = '' } = {}] = await merge(bot)
  const id = await untilReleased(bot)
  await untilCalm(bot)
  expect(outcomeOf(await bot.thread(id))).toMatchObject({ outcome: 'released', sha })
  expect(await releasesOf(bot)).toHaveLength(1)
  expect(await liveOn(bot, 'production')).toBe(sha)
  expect(await dispatchesOf(bot)).toBe(RUNS)
  expect(new Set((await runsOf(bot)).map(({ display_title }) => display_title)).size).toBe(RUNS)
  return bot.thread(id)
}

describe('webhooks', () => {
  test.each([
    ['lost: polling alone finishes a release', 'off'],
    ['doubled', 'twice'],
    ['in reversed order', 'reversed'],
  ])('%s', LONG, async (_, mode) => {
    const bot = await startReleases()
    await control(bot, 'PUT', 'webhooks', { mode })
    await released(bot)
  })
})

describe('GitHub', () => {
  test(
    'takes a dispatch and does not answer, on staging and in the tests: each is looked for and adopted',
    LONG,
    async () => {
      const bot = await startReleases()
      for (const path of ['deploy-backend.yml/dispatches', 'e2e.yml/dispatches'])
        await control(bot, 'POST', 'faults', { do: 'drop', accept: true, path })
      await control(bot, 'POST', 'runs/next', {
        environment: 'staging',
        workflow: 'deploy-backend.yml',
        hidden_ms: 1_500,
      })
      const view = await released(bot)
      expect(types(view).filter((type) => type === 'dispatch_unclear')).toHaveLength(2)
    },
  )

  test('does not take a dispatch for now: it is sent again when its time has come', LONG, async () => {
    const bot = await startReleases()
    await control(bot, 'POST', 'faults', {
      do: 'answer',
      accept: false,
      status: 429,
      retry_after: 1,
      path: 'deploy-backend.yml/dispatches',
    })
    const [{ sha = '' } = {}] = await merge(bot)
    const id = await untilReleased(bot)
    await untilCalm(bot)
    const view = await bot.thread(id)
    expect(outcomeOf(view)).toMatchObject({ outcome: 'released', sha })
    expect(types(view)).toContain('dispatch_deferred')
  })

  test('takes the installation away while a run is under way: the release goes on when it is back', LONG, async () => {
    const bot = await startReleases()
    await control(bot, 'PUT', 'pace', { queued: 30, running: 1_000 })
    await merge(bot)
    const id = await untilReleased(bot)
    await bot.untilStatus(id, 'awaiting_run')
    await control(bot, 'PUT', 'installation', { state: 'suspended' })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect((await bot.thread(id)).status).toBe('awaiting_run')
    await control(bot, 'PUT', 'installation', { state: 'active' })
    await untilCalm(bot)
    expect(outcomeOf(await bot.thread(id))).toMatchObject({ outcome: 'released' })
  })

  test(
    'takes it away before what was approved is sent: nothing is, the thread says why, and goes on when it is back',
    LONG,
    async () => {
      const bot = await startReleases()
      await merge(bot)
      const id = await untilReleased(bot)
      const child = await childOf(bot, id, 'deploy')
      const { seq } = await bot.untilAsked(child, 'approval')
      await control(bot, 'PUT', 'installation', { state: 'suspended' })
      await bot.respond(child, seq, { approved: true })
      const asked = await bot.until(child, 'words', ({ events }) => events.some(({ type }) => type === 'error'))
      expect(asked.events.find(({ type }) => type === 'error')?.data).toMatchObject({
        message: expect.stringContaining('suspended'),
      })
      expect(types(asked)).not.toContain('tool_started')
      await control(bot, 'PUT', 'installation', { state: 'active' })
      await bot.post(`/threads/${child}/messages`, { message: 'try again' })
      await untilCalm(bot)
      expect(outcomeOf(await bot.thread(id))).toMatchObject({ outcome: 'released' })
    },
  )
})
