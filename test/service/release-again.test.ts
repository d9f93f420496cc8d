import { expect, test } from 'vitest'
import { askedRelease, childOf, control, merge, outcomeOf, startReleases, untilReleased } from '../support/release.ts'
import { type TestService, types } from '../support/service.ts'

const LONG = { timeout: 60_000 }

const restart = (bot: TestService, id: string, headers: Record<string, string> = {}) =>
  bot.post(`/threads/${id}/restart`, {}, headers)

test(
  'a release whose tests failed is begun again by a person: the same merges, from the start, to the end',
  LONG,
  async () => {
    const bot = await startReleases()
    await control(bot, 'POST', 'runs/next', { workflow: 'e2e.yml', conclusion: 'failure' })
    const [{ number = 0, sha = '' } = {}] = await merge(bot)
    const first = await untilReleased(bot)
    expect(outcomeOf(await bot.untilStatus(first, 'done'))).toMatchObject({ outcome: 'failed' })
    const { status, headers, body } = await restart(bot, first)
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/threads/${body.id}`)
    const child = await childOf(bot, body.id, 'deploy')
    const { seq } = await bot.untilAsked(child, 'approval')
    await bot.respond(child, seq, { approved: true })
    const view = await bot.untilStatus(body.id, 'done')
    expect(outcomeOf(view)).toMatchObject({ outcome: 'released', sha })
    expect(view.events.find(({ type }) => type === 'release_planned')?.data).toMatchObject({ pull_requests: [number] })
    expect(view.events[0]).toMatchObject({
      data: { agent: 'release', context: { restarts: first }, reply_to: { pull_request: number } },
      actor: { kind: 'person', id: 'local' },
    })
    expect(await restart(bot, body.id)).toMatchObject({ status: 409, body: { code: 'not_restartable' } })
  },
)

test('one that was cancelled is begun again once, however often it is asked for under one key', LONG, async () => {
  const { bot, release } = await askedRelease()
  expect(await restart(bot, release)).toMatchObject({ status: 409, body: { code: 'not_restartable' } })
  await bot.post(`/threads/${release}/cancel`, {})
  const key = { 'idempotency-key': 'again-1' }
  const [one, two] = [await restart(bot, release, key), await restart(bot, release, key)]
  expect(one.status).toBe(201)
  expect(two.body.id).toBe(one.body.id)
  // Another one would deploy beside it.
  expect(await restart(bot, release)).toMatchObject({ status: 409, body: { code: 'held' } })
  expect(types(await bot.untilEvent(one.body.id, 'child_launched'))).toContain('deploy_backend_result')
})

test('a thread that is no release is not begun again', async () => {
  const bot = await startReleases()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  expect(await restart(bot, id)).toMatchObject({ status: 409, body: { code: 'not_restartable' } })
  expect((await restart(bot, '01890000-0000-7000-8000-000000000000')).status).toBe(404)
})
