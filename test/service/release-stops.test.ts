import { describe, expect, test } from 'vitest'
import {
  askedRelease,
  childOf,
  control,
  merge,
  outcomeOf,
  runsOf,
  startReleases,
  untilReleased,
} from '../support/release.ts'
import type { TestService } from '../support/service.ts'

const LONG = { timeout: 60_000 }

const dispatched = async (bot: TestService): Promise<number> => (await runsOf(bot)).length

describe('a release that is cancelled', () => {
  const cancel = (bot: TestService, id: string) => bot.post(`/threads/${id}/cancel`, { reason: 'wrong day' })

  test('in a run of its own: that run is cancelled, and nothing follows', LONG, async () => {
    const bot = await startReleases()
    await control(bot, 'PUT', 'pace', { queued: 30, running: 20_000 })
    await merge(bot)
    const release = await untilReleased(bot)
    await bot.until(
      release,
      'its run',
      ({ status, waiting_for }) => status === 'awaiting_run' && waiting_for?.kind === 'run',
    )
    await bot.untilEvent(release, 'dispatch_accepted')
    expect((await cancel(bot, release)).status).toBe(202)
    const view = await bot.untilEvent(release, 'deploy_backend_result')
    expect(view.status).toBe('cancelled')
    expect((await runsOf(bot)).map(({ conclusion }) => conclusion)).toEqual(['cancelled'])
  })

  test(
    'in its own test run: the tests are cancelled, no agent is called, and the next merge is a release',
    LONG,
    async () => {
      const bot = await startReleases()
      await control(bot, 'PUT', 'pace', { queued: 30, running: 2_000 })
      await merge(bot)
      const release = await untilReleased(bot)
      await bot.until(
        release,
        'its tests',
        ({ events }) =>
          events.findLast(({ type }) => /^(run_tests|dispatch_accepted)$/.test(type))?.type === 'dispatch_accepted' &&
          events.some(({ type }) => type === 'run_tests'),
      )
      expect((await cancel(bot, release)).status).toBe(202)
      const view = await bot.untilEvent(release, 'run_tests_result')
      expect(view.status).toBe('cancelled')
      expect(view.events.find(({ type }) => type === 'run_tests_result')?.data).toMatchObject({ status: 'cancelled' })
      expect(view.events.some(({ type }) => type === 'delegate')).toBe(false)
      await control(bot, 'PUT', 'pace', { queued: 30, running: 60 })
      await merge(bot)
      await bot.untilEvent(await untilReleased(bot, 1), 'child_launched')
    },
  )

  test('while its agent waits for approval: the agent ends too, and nobody can say yes any more', LONG, async () => {
    const { bot, release, child, seq } = await askedRelease()
    const before = await dispatched(bot)
    await cancel(bot, release)
    await bot.untilStatus(child, 'cancelled')
    expect((await bot.respond(child, seq, { approved: true })).status).toBe(409)
    expect(await dispatched(bot)).toBe(before)
  })

  test('while its agent deploys: the run is cancelled, and no tests follow', LONG, async () => {
    const { bot, release, child, seq } = await askedRelease()
    await control(bot, 'PUT', 'pace', { queued: 30, running: 20_000 })
    await bot.respond(child, seq, { approved: true })
    await bot.untilEvent(child, 'dispatch_accepted')
    const before = await dispatched(bot)
    await cancel(bot, release)
    const ended = await bot.untilEvent(child, 'parent_told')
    expect(ended.status).toBe('cancelled')
    expect(ended.events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({
      status: 'cancelled',
    })
    expect(await dispatched(bot)).toBe(before)
    expect((await bot.thread(release)).status).toBe('cancelled')
  })
})

describe('an agent that is cancelled', () => {
  test('does not cancel its release: that ends as stopped, and says why', LONG, async () => {
    const { bot, release, child } = await askedRelease()
    await bot.post(`/threads/${child}/cancel`, { reason: 'not before lunch' })
    const view = await bot.untilStatus(release, 'done')
    expect(outcomeOf(view)).toMatchObject({ outcome: 'stopped', message: expect.stringContaining('not before lunch') })
  })
})

describe('what is taken away', () => {
  const rewrite = (bot: TestService) => control(bot, 'POST', 'force-push', { drop: 1, message: 'Another history' })
  const gone = { code: 'not_on_branch', message: expect.stringContaining('not on main any more') }

  test(
    'from the branch, while the agent waits for approval: a yes deploys nothing, and the thread says why',
    LONG,
    async () => {
      const { bot, child, seq } = await askedRelease()
      const before = await dispatched(bot)
      await rewrite(bot)
      await bot.respond(child, seq, { approved: true })
      const view = await bot.untilEvent(child, 'error')
      expect(view.events.find(({ type }) => type === 'error')?.data).toMatchObject(gone)
      await bot.untilAsked(child, 'human_input')
      expect(await dispatched(bot)).toBe(before)
    },
  )

  test('from the branch, before the agent looks: nobody is asked to approve it', LONG, async () => {
    const bot = await startReleases()
    await control(bot, 'PUT', 'pace', { queued: 30, running: 800 })
    await merge(bot)
    const release = await untilReleased(bot)
    await bot.until(release, 'its tests', ({ events }) => events.some(({ type }) => type === 'run_tests'))
    await rewrite(bot)
    const child = await childOf(bot, release, 'deploy')
    await bot.untilAsked(child, 'human_input')
    const { events } = await bot.thread(child)
    expect(events.find(({ type }) => type === 'error')?.data).toMatchObject(gone)
    expect(events.map(({ type }) => type)).not.toContain('approval_requested')
  })

  test(
    'the tag, between the question and the yes: nothing runs, and the thread says that there is none',
    LONG,
    async () => {
      const bot = await startReleases()
      const id = await bot.launch('deploy backend v1.2.3 to production')
      const { seq } = await bot.untilAsked(id, 'approval')
      await control(bot, 'DELETE', 'tags/v1.2.3')
      await bot.respond(id, seq, { approved: true })
      const view = await bot.untilEvent(id, 'error')
      expect(view.events.find(({ type }) => type === 'error')?.data).toMatchObject({ code: 'unknown_tag' })
      expect(await dispatched(bot)).toBe(0)
    },
  )
})
