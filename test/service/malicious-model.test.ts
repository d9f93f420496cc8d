import { describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

const SHA = 'f'.repeat(40)

/** What the model says next, letter by letter. */
const says = (bot: TestService, ...replies: (object | string)[]) =>
  fetch(`${bot.model()}/_sandbox/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(
      replies.map((reply) => ({ content: typeof reply === 'string' ? reply : JSON.stringify(reply) })),
    ),
  })

const dispatches = async (bot: TestService): Promise<number> => {
  const log = (await (await fetch(`${bot.github()}/_sandbox/requests`)).json()) as { method: string; path: string }[]
  return log.filter(({ method, path }) => method === 'POST' && path.endsWith('/dispatches')).length
}

/** Error codes of a thread, once it asks a person. */
const errorsOf = async (bot: TestService, id: string) => {
  await bot.untilAsked(id, 'human_input')
  const { events } = await bot.thread(id)
  return events.flatMap((event) => (event.type === 'error' ? [event.data] : []))
}

describe('a model that lies', () => {
  test.each<[string, object, string, string[]]>([
    [
      'a tag that is not there',
      { intent: 'deploy_backend', tag: 'v1.2.33', environment: 'production' },
      'unknown_tag',
      ['v1.2.3'],
    ],
    [
      'a commit that is not there',
      { intent: 'deploy_backend', tag: SHA, environment: 'production' },
      'unknown_tag',
      [],
    ],
    [
      'an environment that is not there',
      { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'prod' },
      'unknown_environment',
      ['production'],
    ],
    [
      'a service that is not there',
      { intent: 'deploy_service', service: 'payments', tag: 'v1.2.3', environment: 'staging' },
      'unknown_service',
      ['backend'],
    ],
    [
      'a commit that skipped staging',
      { intent: 'rollback', service: 'backend', tag: 'v1.0.0', environment: 'production' },
      'stage_missing',
      [],
    ],
  ])('%s: an error that names what there is, then a person; nothing runs', async (_, step, code, nearest) => {
    const bot = await startTestService()
    await says(bot, step)
    const id = await bot.launch('deploy something')
    const [error] = await errorsOf(bot, id)
    expect(error?.code).toBe(code)
    expect(error?.nearest ?? []).toEqual(expect.arrayContaining(nearest))
    expect(await dispatches(bot)).toBe(0)
  })

  test('three replies that cannot be read: a person is asked', async () => {
    const bot = await startTestService()
    await says(bot, 'I will not deploy_backend v1.2.3 to production', '{"intent":"deploy_backend","tag":"v1.2.3"', '[]')
    const id = await bot.launch('deploy something')
    expect(await errorsOf(bot, id)).toHaveLength(3)
    expect((await bot.thread(id)).waiting_for).toMatchObject({ reason: 'errors_in_a_row' })
    expect(await dispatches(bot)).toBe(0)
  })

  test('it asks to approve itself: what waits is still a person', async () => {
    const bot = await startTestService()
    const step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }
    await says(bot, { ...step, approved: true, approved_by: 'lead' }, step)
    const id = await bot.launch('deploy something')
    await bot.untilAsked(id, 'approval')
    expect(await dispatches(bot)).toBe(0)
  })

  test('it deploys to where no approval is needed, again and again: after three a person is asked', async () => {
    const bot = await startTestService()
    const step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' }
    await says(bot, step, step, step, step, step)
    const id = await bot.launch('do as you like')
    const asked = await bot.untilAsked(id, 'human_input')
    expect(asked.reason).toBe('dispatch_limit')
    expect(await dispatches(bot)).toBe(3)
  })

  test.each([
    { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'staging' },
    { intent: 'deploy_service', service: 'backend', tag: 'v1.2.3', environment: 'staging' },
  ])(
    'the one that should only roll back selects $intent, where nobody would have to approve: refused',
    async (step) => {
      const bot = await startTestService()
      await says(bot, step)
      const { id } = (await bot.post('/threads', { agent: 'rollback', message: 'roll back backend on production' }))
        .body
      expect(await errorsOf(bot, id)).toMatchObject([
        { code: 'not_its_step', message: expect.stringMatching(/^the rollback agent has no step deploy_/) },
      ])
      expect((await bot.thread(id)).events.map(({ type }) => type)).not.toContain(step.intent)
      expect(await dispatches(bot)).toBe(0)
    },
  )

  test('it never comes to an end: after twenty calls a person is asked', async () => {
    const bot = await startTestService()
    await says(bot, ...Array.from({ length: 30 }, () => ({ intent: 'list_git_tags' })))
    const id = await bot.launch('look around')
    const asked = await bot.untilAsked(id, 'human_input')
    expect(asked.reason).toBe('model_call_limit')
    const { events } = await bot.thread(id)
    expect(events.filter(({ actor }) => actor.kind === 'model')).toHaveLength(20)
  })
})
