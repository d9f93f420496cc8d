import { createHmac, randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { DeployResult } from '../../src/thread/event.ts'
import { startHost } from '../support/host.ts'
import { createHuman, HUMAN_SECRET } from '../support/human.ts'
import { GITHUB_SECRET, startTestService, type TestService } from '../support/service.ts'

const oldSecret = `whsec_${Buffer.from('the secret before that one').toString('base64')}`

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({ HUMAN_WEBHOOK_SECRET: `${HUMAN_SECRET} ${oldSecret}` }, afterAll)
})

const sign = (body: string, secret = GITHUB_SECRET): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`

const github = (payload: object, headers: Record<string, string> = {}) => {
  const body = JSON.stringify(payload)
  return bot.call('/webhooks/github', {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'workflow_run',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': sign(body),
      ...headers,
    },
    body,
  })
}

const run = (display_title: string, full_name = 'acme/shop', id = 1) => ({
  workflow_run: { id, display_title },
  repository: { full_name },
})

describe('/webhooks/github', () => {
  test.each<[string, Record<string, string>]>([
    ['unsigned', { 'x-hub-signature-256': '' }],
    ['signed with another secret', { 'x-hub-signature-256': sign(JSON.stringify(run('x')), 'another') }],
    ['signed for another body', { 'x-hub-signature-256': sign('{}') }],
    ['signed with SHA-1', { 'x-hub-signature-256': 'sha1=aaaa' }],
  ])('%s is refused', async (_, headers) =>
    expect(await github(run('x'), headers)).toMatchObject({ status: 401, body: { code: 'bad_signature' } }),
  )

  test('the run of a thread that is over wakes nobody', async () => {
    const id = await bot.launch('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    await bot.post(`/threads/${id}/cancel`, {})
    const ignored = 'workflow_run: no thread waits for this'
    await vi.waitFor(async () => expect((await github(run(`Deploy backend ${id}-9`))).body.ignored).toBe(ignored))
  })

  test('the run of a thread wakes it, once a delivery', async () => {
    const id = await bot.launch('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    const delivery = { 'x-github-delivery': 'd-1' }
    const payload = run(`Deploy backend ${id}-9`)
    expect((await github(payload, delivery)).body).toEqual({ ok: true })
    expect((await github(payload, delivery)).body).toEqual({ ok: true, ignored: 'taken before' })
    // Its delivery id is not signed: a captured body can be sent again under another.
    expect((await github(payload, { 'x-github-delivery': 'd-2' })).body.ignored).toBe('taken before')
    const more = { ...payload, action: 'completed' }
    const five = await Promise.all(Array.from({ length: 5 }, () => github(more, { 'x-github-delivery': 'd-3' })))
    expect(five.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
    expect(five.filter(({ body }) => !body.ignored)).toHaveLength(1)
    // A hint says nothing by itself: the thread still waits for its approval.
    expect((await bot.thread(id)).waiting_for).toMatchObject({ kind: 'approval' })
  })

  test('of another repository, or a thread that is not ours, is acknowledged and ignored', async () => {
    const id = await bot.launch('what is live?')
    expect((await github(run(`x ${id}-1`, 'evil/shop'))).body.ignored).toBeDefined()
    expect((await github(run(`x ${randomUUID()}-1`))).body.ignored).toBeDefined()
    expect((await github(run('x', 'acme/shop', 424242))).body.ignored).toBeDefined()
  })

  test('a run that is started again after its end is told in its thread, once an attempt, and changes nothing else', async () => {
    const id = await bot.launch('deploy frontend v1.2.3 to staging')
    const { events } = await bot.untilStatus(id, 'done')
    const ended = events.find(({ type }) => type === 'deploy_frontend_result')?.data as DeployResult
    const rerun = { headers: { authorization: 'token x' }, method: 'POST' }
    const answer = await fetch(`${bot.github()}/repos/acme/shop/actions/runs/${ended.run_id}/rerun`, rerun)
    expect(answer.status).toBe(201)
    const { events: now, status } = await bot.untilEvent(id, 'run_restarted')
    expect(status).toBe('done')
    expect(now.at(-1)).toMatchObject({
      type: 'run_restarted',
      actor: { kind: 'github' },
      data: { attempt: 2, run_id: ended.run_id },
    })
    const { workflow_run, repository } = run(
      `Deploy ${now.find(({ type }) => type === 'tool_started')?.thread_id}-9`,
      'acme/shop',
      ended.run_id,
    )
    await github({ workflow_run: { ...workflow_run, run_attempt: 2 }, repository })
    expect((await bot.thread(id)).events.filter(({ type }) => type === 'run_restarted')).toHaveLength(1)
    expect((await bot.thread(id)).events.filter(({ type }) => type === 'deploy_frontend_result')).toHaveLength(1)
  })

  test('a workflow_run that is none is refused', async () => expect((await github({ hello: 1 })).status).toBe(422))
})

const human: ReturnType<typeof createHuman> = (...sent) => createHuman(bot.call)(...sent)

const waiting = async () => {
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq } = await bot.untilAsked(id, 'approval')
  return { id, seq }
}
const completed = (
  thread_id: string,
  seq: number,
  approved: boolean,
  who: object = { user_info: { email: 'Lead@acme.test' } },
) => ({
  type: 'function_call.completed',
  is_test: null,
  event: {
    run_id: 'r',
    call_id: 'c',
    spec: {
      fn: 'deploy_everything',
      kwargs: { tag: 'v9.9.9' },
      channel: null,
      reject_options: null,
      state: { thread_id, seq },
    },
    status: {
      requested_at: '2026-01-01T00:00:00Z',
      responded_at: null,
      approved,
      comment: 'fine',
      reject_option_name: null,
      ...who,
    },
  },
})

describe('/webhooks/human', () => {
  test.each(['webhook', 'svix'])(
    'an approval signed with %s headers counts as that person, and runs what our log says',
    async (family) => {
      const { id, seq } = await waiting()
      expect((await human(completed(id, seq, true), { family })).status).toBe(200)
      const done = await bot.untilStatus(id, 'done')
      expect(done.events.find(({ type }) => type === 'approval_given')?.actor).toMatchObject({
        kind: 'person',
        id: 'lead',
      })
      expect(done.events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({ tag: 'v1.2.3' })
    },
  )

  test('a rejection by Slack id brings its words', async () => {
    const { id, seq } = await waiting()
    const who = { user_info: null, slack_context: { team_id: 'T01', user_id: 'U01' } }
    expect((await human(completed(id, seq, false, who))).status).toBe(200)
    const denied = (await bot.untilEvent(id, 'approval_denied')).events.find(({ type }) => type === 'approval_denied')
    expect(denied).toMatchObject({ data: { comment: 'fine' }, actor: { id: 'lead' } })
  })

  test('a stranger approves nothing', async () => {
    const { id, seq } = await waiting()
    for (const who of [
      {},
      { user_info: { email: 'mallory@acme.test' } },
      { slack_context: { team_id: 'T02', user_id: 'U01' } },
    ]) {
      expect(await human(completed(id, seq, true, { user_info: null, ...who }))).toMatchObject({
        status: 403,
        body: { code: 'not_yours_to_answer' },
      })
    }
    expect((await bot.thread(id)).waiting_for).toMatchObject({ seq })
  })

  test('the same message twice is one answer, and both are 200', async () => {
    const { id, seq } = await waiting()
    const message = { id: `msg_${randomUUID()}` }
    expect((await human(completed(id, seq, true), message)).status).toBe(200)
    expect((await human(completed(id, seq, true), message)).status).toBe(200)
    const done = await bot.untilStatus(id, 'done')
    expect(done.events.filter(({ type }) => type === 'approval_given')).toHaveLength(1)
  })

  test.each<[string, Parameters<typeof human>[1]]>([
    ['a body that was changed', { tamper: ' ' }],
    ['six minutes old', { at: new Date(Date.now() - 360_000) }],
    ['six minutes early', { at: new Date(Date.now() + 360_000) }],
  ])('%s is refused', async (_, options) => {
    const { id, seq } = await waiting()
    expect(await human(completed(id, seq, true), options)).toMatchObject({
      status: 401,
      body: { code: 'bad_signature' },
    })
    expect((await bot.thread(id)).waiting_for).toMatchObject({ seq })
  })

  test('while secrets are changed the old one counts too, and no third', async () => {
    const { id, seq } = await waiting()
    const test = { ...completed(id, seq, true), is_test: true }
    expect((await human(test, { secret: oldSecret })).status).toBe(200)
    const third = `whsec_${Buffer.alloc(24, 'x').toString('base64')}`
    expect((await human(test, { secret: third })).status).toBe(401)
  })

  test('a test changes nothing', async () => {
    const { id, seq } = await waiting()
    expect((await human({ ...completed(id, seq, true), is_test: true })).body).toEqual({ ok: true, ignored: 'a test' })
    expect((await bot.thread(id)).waiting_for).toMatchObject({ seq })
  })

  test('words from Slack, mail and conversations launch threads; a mail address is nobody', async () => {
    const before = (await bot.call('/threads?limit=100')).body.threads.length
    const slack = {
      team_id: 'T01',
      thread_ts: '1',
      channel_id: 'C',
      events: [{ from_user_id: 'U01', channel_id: 'C', content: 'what is live?', message_id: 'm' }],
    }
    const mail = {
      from_address: 'lead@acme.test',
      to_address: 'bot@acme.test',
      subject: 'hi',
      body: 'what is live?',
      message_id: 'm',
      raw_email: '',
    }
    expect((await human({ type: 'agent_slack.received', event: slack })).status).toBe(200)
    expect((await human({ type: 'agent_email.received', event: mail })).status).toBe(200)
    expect(
      (
        await human({
          type: 'conversation.created',
          event: { user_message: 'what is live?', contact_channel_id: 1, agent_name: 'x' },
        })
      ).status,
    ).toBe(200)
    const { threads } = (await bot.call('/threads?limit=100')).body
    expect(threads).toHaveLength(before + 3)
    const actors = await Promise.all(
      threads.slice(0, 3).map(async ({ id }: { id: string }) => (await bot.thread(id)).events[0]?.actor),
    )
    expect(actors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ kind: 'person', id: 'lead' }),
        expect.objectContaining({ kind: 'caller', id: 'lead@acme.test' }),
      ]),
    )
  })

  test('an answer to a question in words', async () => {
    const id = await bot.launch('deploy backend to production')
    const { seq } = await bot.untilAsked(id, 'human_input')
    const event = {
      run_id: 'r',
      call_id: 'c',
      spec: { msg: '?', state: { thread_id: id, seq } },
      status: { response: 'v1.2.3', response_option_name: null },
    }
    expect((await human({ type: 'human_contact.completed', event })).status).toBe(200)
    expect((await bot.untilAsked(id, 'approval')).tag).toBe('v1.2.3')
  })

  test.each([{}, { type: 'unheard.of', event: {} }, { type: 'function_call.completed', event: {} }])(
    '%j is none of the envelopes',
    async (payload) => expect(await human(payload)).toMatchObject({ status: 422, body: { code: 'unknown_payload' } }),
  )
})

describe('reply_to', () => {
  test('tells a program on this machine of the question and of the end, signed', async () => {
    const got: { type: string; data: { status: string } }[] = []
    const { url } = await startHost(async (request, response) => {
      const body = await text(request)
      got.push(new Webhook(oldSecret).verify(body, request.headers as Record<string, string>) as (typeof got)[0])
      response.end()
    })
    const { body } = await bot.post('/threads', {
      message: 'deploy backend v1.2.3 to production',
      reply_to: { webhook: url },
    })
    const { seq } = await bot.untilAsked(body.id, 'approval')
    await bot.respond(body.id, seq, { approved: true })
    await bot.untilStatus(body.id, 'done')
    await bot.until(body.id, 'word of the end', () => got.length > 1)
    expect(got.map(({ type, data }) => [type, data.status])).toEqual([
      ['thread.waiting', 'awaiting_approval'],
      ['thread.ended', 'done'],
    ])
  })

  test.each(['http://example.com/hook', 'https://user:secret@example.com/hook', 'ftp://example.com/', 'example.com'])(
    '%s is refused at once',
    async (webhook) =>
      expect(await bot.post('/threads', { message: 'what is live?', reply_to: { webhook } })).toMatchObject({
        status: 422,
        body: { code: 'bad_reply_to' },
      }),
  )
})
