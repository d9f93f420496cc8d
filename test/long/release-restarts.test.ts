import { describe, expect, test } from 'vitest'
import { CHOICES } from '../../src/thread/release/release.ts'
import { askedRelease, childOf, control, merge, outcomeOf, untilCalm, untilReleased } from '../support/release.ts'
import { type TestService, types } from '../support/service.ts'

const LONG = { timeout: 60_000 }

/** One more merge, and the answer to what that offers. */
const restart = async (bot: TestService, release: string) => {
  const [newer] = await merge(bot)
  const view = await bot.untilEvent(release, 'restart_offered')
  const offer = view.events.findLast(({ type }) => type === 'restart_offered')?.seq ?? 0
  expect((await bot.respond(release, offer, { choice: CHOICES.restart })).status).toBe(202)
  return newer?.sha ?? ''
}

describe('a restart with newer merges', () => {
  test(
    'while the agent waits for approval: it is stopped, its question is void, and the newest goes',
    LONG,
    async () => {
      const { bot, release, child, seq } = await askedRelease()
      const sha = await restart(bot, release)
      await bot.untilStatus(child, 'cancelled')
      expect((await bot.respond(child, seq, { approved: true })).status).toBe(409)
      await childOf(bot, release, 'deploy', 1)
      await untilCalm(bot)
      const view = await bot.thread(release)
      expect(outcomeOf(view)).toMatchObject({ outcome: 'released', sha, left: [] })
      expect(types(await bot.thread(child))).not.toContain('tool_started')
    },
  )

  test('while the agent deploys: that is not stopped, and the newer ones go in the next release', LONG, async () => {
    const { bot, release, child, seq } = await askedRelease()
    const [newer] = await merge(bot)
    const { events } = await bot.untilEvent(release, 'restart_offered')
    await control(bot, 'PUT', 'pace', { queued: 30, running: 1_500 })
    await bot.respond(child, seq, { approved: true })
    await bot.untilEvent(child, 'dispatch_accepted')
    const to = events.findLast(({ type }) => type === 'restart_offered')?.seq ?? 0
    await bot.respond(release, to, { choice: CHOICES.restart })
    const view = await bot.untilEvent(release, 'child_stopped')
    expect(view.events.find(({ type }) => type === 'child_stopped')?.data).toMatchObject({ accepted: false })
    await untilCalm(bot)
    expect(outcomeOf(await bot.thread(release))).toMatchObject({ outcome: 'released', left: [newer?.number] })
    expect(outcomeOf(await bot.thread(await untilReleased(bot, 1)))).toMatchObject({
      outcome: 'released',
      sha: newer?.sha,
    })
  })
})
