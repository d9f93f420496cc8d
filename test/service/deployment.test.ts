import { describe, expect, test } from 'vitest'
import { startTestService, types } from '../support/service.ts'

const posts = async (github: string): Promise<number> => {
  const log = (await (await fetch(`${github}/_sandbox/requests`)).json()) as { method: string; path: string }[]
  return log.filter(({ method, path }) => method === 'POST' && path.includes('/dispatches')).length
}

describe('from a plain sentence to a finished deployment', () => {
  test('asks for approval with the facts, runs once, follows the run and links it', async () => {
    const bot = await startTestService()
    const launched = await bot.post('/threads', { message: 'deploy backend v1.2.3 to production' })
    expect(launched.status).toBe(201)
    const { id } = launched.body
    const asked = await bot.untilAsked(id, 'approval')
    expect(asked).toMatchObject({
      kind: 'approval',
      intent: 'deploy_backend',
      service: 'backend',
      environment: 'production',
      tag: 'v1.2.3',
      sha: expect.stringMatching(/^[0-9a-f]{40}$/),
      live: { tag: 'v1.2.2' },
      workflow: 'deploy-backend.yml',
      approvers: ['lead', 'oncall', 'local'],
      expires_at: expect.stringMatching(/Z$/),
    })
    expect(asked.commits.length).toBeGreaterThan(0)
    expect((await bot.respond(id, asked.seq, { approved: true })).status).toBe(202)
    const done = await bot.untilStatus(id, 'done')
    const result = done.events.find(({ type }) => type === 'deploy_backend_result')
    expect(result?.data).toMatchObject({ status: 'success', tag: 'v1.2.3', sha: asked.sha })
    const last = done.events.at(-1)
    expect(last).toMatchObject({ type: 'done_for_now', data: { message: expect.stringContaining('/actions/runs/') } })
    expect(done.events.map(({ seq }) => seq)).toEqual(done.events.map((_, i) => i + 1))
    expect(await posts(bot.github())).toBe(1)
    // A copy of all that, to where it had just been started: nothing starts again, and no yes came along.
    const started = done.events.find(({ type }) => type === 'tool_started')?.seq
    const message = 'deploy frontend v1.2.3 to production'
    const copy = (await bot.post(`/threads/${id}/fork`, { at: started, message })).body.id
    expect(await bot.respond(copy, asked.seq, { approved: true })).toMatchObject({ status: 409 })
    const anew = await bot.untilAsked(copy, 'approval')
    expect(anew).toMatchObject({ service: 'frontend', approved_by: [] })
    expect(await posts(bot.github())).toBe(1)
    await bot.respond(copy, anew.seq, { approved: true })
    await bot.untilStatus(copy, 'done')
    expect(await posts(bot.github())).toBe(2)
  })

  test('plays the conversation of the reference', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy 4af9ec0 to production')
    const frontend = await bot.untilAsked(id, 'approval')
    expect(frontend.intent).toBe('deploy_frontend')
    await bot.respond(id, frontend.seq, { approved: false, comment: 'can you deploy the backend first?' })
    const backend = await bot.untilAsked(id, 'approval', frontend.seq)
    expect(backend.intent).toBe('deploy_backend')
    await bot.respond(id, backend.seq, { approved: true })
    const again = await bot.untilAsked(id, 'approval', backend.seq)
    expect(again.intent).toBe('deploy_frontend')
    await bot.respond(id, again.seq, { approved: true })
    const done = await bot.untilStatus(id, 'done')
    expect(types(done).filter((type) => type.endsWith('_result') && type.startsWith('deploy'))).toEqual([
      'deploy_backend_result',
      'deploy_frontend_result',
    ])
    expect(await posts(bot.github())).toBe(2)
  })

  test('a staging deployment needs nobody', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy frontend v1.2.3 to staging')
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toContain('approval_waived')
  })
})

describe('what can go wrong', () => {
  test('an unknown tag is not dispatched: the person is asked', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v9.9.9 to production')
    const asked = await bot.untilAsked(id, 'human_input')
    expect(asked.question).toMatch(/v1\.2/)
    expect(await posts(bot.github())).toBe(0)
  })

  test('a failed run is told, and a person is asked', async () => {
    const bot = await startTestService()
    await fetch(`${bot.github()}/_sandbox/runs/next`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ conclusion: 'failure' }),
    })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    const asked = await bot.untilAsked(id, 'human_input')
    expect(asked.options.choices.length).toBeGreaterThan(1)
    const { events } = await bot.thread(id)
    expect(events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({ status: 'failure' })
  })

  test('a second yes to the same question is refused, and nothing is dispatched twice', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const answers = await Promise.all(Array.from({ length: 5 }, () => bot.respond(id, seq, { approved: true })))
    expect(answers.map(({ status }) => status).sort()).toEqual([202, 409, 409, 409, 409])
    await bot.untilStatus(id, 'done')
    expect(await posts(bot.github())).toBe(1)
  })

  test('words while an approval waits void it', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.post(`/threads/${id}/messages`, { message: 'use v1.2.2 instead' })
    const late = await bot.respond(id, seq, { approved: true })
    expect(late).toMatchObject({ status: 409, body: { code: 'superseded' } })
    const renewed = await bot.untilAsked(id, 'approval', seq)
    expect(renewed.tag).toBe('v1.2.2')
  })

  test('a production that changed since it was shown voids the yes, and asks again saying so', async () => {
    const bot = await startTestService()
    const first = await bot.launch('deploy backend 4af9ec0 to production')
    const second = await bot.launch('deploy backend v1.2.3 to production')
    const one = await bot.untilAsked(first, 'approval')
    const two = await bot.untilAsked(second, 'approval')
    await bot.respond(second, two.seq, { approved: true })
    await bot.untilStatus(second, 'done')
    await bot.respond(first, one.seq, { approved: true })
    const renewed = await bot.untilAsked(first, 'approval', one.seq)
    expect(renewed.changed).toEqual([expect.stringContaining('production now runs')])
  })
})

describe('pausing and going on', () => {
  test('a service that stops while an approval waits goes on with it after its start', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.restart()
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
  })

  test('a service that stops while a run is under way follows it after its start', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilEvent(id, 'dispatch_accepted')
    await bot.restart()
    await bot.untilStatus(id, 'done')
    expect(await posts(bot.github())).toBe(0)
  })

  test('a thread that waits goes on when its time has come', async () => {
    const bot = await startTestService()
    const id = await bot.launch('wait 1 second then deploy backend v1.2.3 to staging')
    const done = await bot.untilStatus(id, 'done')
    expect(types(done)).toEqual(expect.arrayContaining(['wait', 'slept', 'deploy_backend_result']))
  })

  test('a cancelled thread cancels its run', async () => {
    const bot = await startTestService()
    // Long enough to be cancelled in the middle, on a busy machine too.
    await fetch(`${bot.github()}/_sandbox/pace`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ queued: 30, running: 5_000 }),
    })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilEvent(id, 'dispatch_accepted')
    expect((await bot.post(`/threads/${id}/cancel`, { reason: 'wrong one' })).status).toBe(202)
    const view = await bot.untilEvent(id, 'deploy_backend_result')
    expect(types(view)).toContain('run_cancel_requested')
    expect(view.status).toBe('cancelled')
  })

  test('a fork waits for words, and nothing of the source is approved there', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const fork = await bot.post(`/threads/${id}/fork`, { at: seq })
    expect(fork).toMatchObject({ status: 201, body: { status: 'awaiting_human' } })
    expect((await bot.respond(fork.body.id, seq, { approved: true })).status).toBe(409)
    await bot.post(`/threads/${fork.body.id}/messages`, { message: 'deploy frontend v1.2.3 to production' })
    expect((await bot.untilAsked(fork.body.id, 'approval', seq)).service).toBe('frontend')
    expect((await bot.thread(id)).waiting_for).toMatchObject({ kind: 'approval', seq })
  })
})
