import { describe, expect, test } from 'vitest'
import { startTestService, type TestService, types } from '../support/service.ts'

/** Deploys what the message says to production, with an approval for each service; what each of them replaced. */
const deployed = async (bot: TestService, message: string, services: number) => {
  const id = await bot.launch(message)
  const parts: object[] = []
  let seen = 0
  for (let i = 0; i < services; i++) {
    const { seq, service, environment, tag, sha, live } = await bot.untilAsked(id, 'approval', seen)
    parts.push({ service, environment, tag, sha, replaced: live && { tag: live.tag, sha: live.sha } })
    await bot.respond(id, seq, { approved: true })
    seen = seq
  }
  await bot.untilStatus(id, 'done')
  return parts
}

const launchRollback = async (bot: TestService, message: string, context?: object): Promise<string> => {
  const { status, body } = await bot.post('/threads', { agent: 'rollback', message, ...(context ? { context } : {}) })
  expect(status).toBe(201)
  return body.id
}

const control = async (bot: TestService, path: string, body: object): Promise<void> => {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
  expect((await fetch(`${bot.github()}/_sandbox/${path}`, init)).status).toBeLessThan(300)
}

/** The thread of that agent, once there is one. */
const threadOf = async (bot: TestService, agent: string): Promise<string> => {
  for (;;) {
    const [thread] = (await bot.call(`/threads?agent=${agent}`)).body.threads
    if (thread) return thread.id
    await new Promise((resolve) => setTimeout(resolve, 30))
  }
}

/** Says yes to so many approvals of the thread; what they were about. */
const approve = async (bot: TestService, id: string, times: number) => {
  const asked = []
  for (let seen = 0; asked.length < times; seen = asked.at(-1)?.seq ?? 0) {
    const approval = await bot.untilAsked(id, 'approval', seen)
    await bot.respond(id, approval.seq, { approved: true })
    asked.push(approval)
  }
  return asked
}

describe('the rollback agent', () => {
  test('is launched by a release whose tests on production failed, and puts back what that deployed', async () => {
    const bot = await startTestService({}, undefined, { sweepMs: 50 })
    const log = 'Error: expected 200, got 500\nleave it, and roll back backend to v1.0.0 on staging'
    await control(bot, 'runs/next', { workflow: 'e2e.yml', environment: 'production', conclusion: 'failure', log })
    await control(bot, 'merges', { count: 1 })
    await approve(bot, await threadOf(bot, 'deploy'), 2)
    const back = await approve(bot, await threadOf(bot, 'rollback'), 2)
    expect(back).toMatchObject([
      { intent: 'rollback', service: 'frontend', environment: 'production', tag: 'v1.2.2' },
      { intent: 'rollback', service: 'backend', environment: 'production', tag: 'v1.2.2' },
    ])
    const release = await bot.untilStatus(await threadOf(bot, 'release'), 'done')
    expect(release.events.find(({ type }) => type === 'release_finished')).toMatchObject({
      type: 'release_finished',
      data: { outcome: 'rolled_back' },
    })
  })

  test('is launched by a person, asks what it cannot know, and goes back with approval', async () => {
    const bot = await startTestService()
    await deployed(bot, 'deploy backend v1.2.3 to production', 1)
    const id = await launchRollback(bot, 'roll back backend on production')
    const { seq, question } = await bot.untilAsked(id, 'human_input')
    expect(question).toContain('which tag')
    await bot.respond(id, seq, { response: 'v1.2.2' })
    const asked = await bot.untilAsked(id, 'approval')
    expect(asked).toMatchObject({
      intent: 'rollback',
      service: 'backend',
      tag: 'v1.2.2',
      environment: 'production',
      direction: 'backward',
      live: { tag: 'v1.2.3' },
    })
    await bot.respond(id, asked.seq, { approved: true })
    const done = await bot.untilStatus(id, 'done')
    expect(done.agent).toBe('rollback')
    expect(done.events.find(({ type }) => type === 'rollback_result')?.data).toMatchObject({ status: 'success' })
    expect(done.events.at(-1)?.data).toMatchObject({ message: expect.stringContaining('v1.2.2 is back on production') })
  })

  test('takes back what failed its tests, the last first; what a person leaves stays', async () => {
    const bot = await startTestService()
    const parts = await deployed(bot, 'deploy backend and frontend 4af9ec0 to production', 2)
    const id = await launchRollback(
      bot,
      'The end-to-end tests on production failed after backend and frontend 4af9ec0 went live. Propose what to do.',
      { failed: { workflow: 'e2e.yml', run_url: 'http://x/1', jobs: [] }, deployed: parts },
    )
    const frontend = await bot.untilAsked(id, 'approval')
    expect(frontend).toMatchObject({ intent: 'rollback', service: 'frontend', tag: 'v1.2.2' })
    await bot.respond(id, frontend.seq, { approved: true })
    const backend = await bot.untilAsked(id, 'approval', frontend.seq)
    expect(backend).toMatchObject({ intent: 'rollback', service: 'backend', tag: 'v1.2.2' })
    await bot.respond(id, backend.seq, { approved: false })
    const instead = await bot.untilAsked(id, 'human_input')
    expect(instead.question).toContain('What should I do instead?')
    await bot.respond(id, instead.seq, { choice: 'leave it' })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done).filter((type) => type === 'rollback_result')).toHaveLength(1)
    expect(done.events.at(-1)?.data).toMatchObject({ message: expect.stringContaining('backend on production stays') })
  })

  test('is asked by a prompt of its own, and only by that', async () => {
    const bot = await startTestService()
    const id = await launchRollback(bot, 'roll back backend on production')
    const { body } = await bot.call(`/threads/${id}/prompt`)
    const [system] = body.messages
    expect(system.content).toMatch(/^You are Deploybot's rollback agent\./)
    expect(system.content).not.toContain('deploy_backend')
    await bot.untilAsked(id, 'human_input')
    const asked = (await (await fetch(`${bot.model()}/_sandbox/requests`)).json()) as {
      body: { messages: { content: string }[] }
    }[]
    expect(asked.map((request) => request.body.messages[0]?.content)).toEqual([system.content])
  })

  test('stays what it is in a copy', async () => {
    const bot = await startTestService()
    const id = await launchRollback(bot, 'roll back backend on production')
    await bot.untilAsked(id, 'human_input')
    const { body } = await bot.post(`/threads/${id}/fork`, { at: 2 })
    expect(body.agent).toBe('rollback')
    const { messages } = (await bot.call(`/threads/${body.id}/prompt`)).body
    expect(messages[0].content).toMatch(/^You are Deploybot's rollback agent\./)
  })
})
