import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createHuman, HUMAN_SECRET } from '../support/human.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
let human: ReturnType<typeof createHuman>
beforeAll(async () => {
  bot = await startTestService({ HUMAN_WEBHOOK_SECRET: HUMAN_SECRET }, afterAll)
  human = createHuman(bot.call)
})

const waiting = async () => {
  const id = await bot.launch('deploy backend v1.2.3 to production')
  return { id, seq: (await bot.untilAsked(id, 'approval')).seq }
}
const newest = async (): Promise<string> => (await bot.threads('limit=1'))[0]?.id ?? ''
const said = async (id: string): Promise<unknown[]> =>
  (await bot.thread(id)).events.filter(({ type }) => type === 'message').map(({ data }) => data)

const called = (spec: object, status: object, call_id = 'c') => ({
  type: 'function_call.completed',
  is_test: null,
  event: {
    run_id: 'r',
    call_id,
    spec: { fn: 'deploy_everything', kwargs: { tag: 'v9.9.9', environment: 'moon' }, channel: null, ...spec },
    status: {
      requested_at: '2026-01-01T00:00:00Z',
      responded_at: '2026-01-01T00:01:00Z',
      approved: null,
      comment: null,
      reject_option_name: null,
      slack_message_ts: null,
      user_info: { email: 'lead@acme.test', name: 'The Lead' },
      slack_context: null,
      ...status,
    },
  },
})

describe('function_call.completed', () => {
  test('rejects with the option that was chosen and the words beside it', async () => {
    const { id, seq } = await waiting()
    const status = { approved: false, reject_option_name: 'frontend_first', comment: 'please' }
    expect((await human(called({ state: { thread_id: id, seq } }, status))).status).toBe(200)
    const { events } = await bot.untilEvent(id, 'approval_denied')
    expect(events.find(({ type }) => type === 'approval_denied')).toMatchObject({
      data: { to: seq, comment: 'frontend_first: please' },
      actor: { kind: 'person', id: 'lead', via: 'webhook' },
    })
  })

  test('without a state is known by the name of the call, which is ours; what runs is what our log says', async () => {
    const { id, seq } = await waiting()
    expect((await human(called({ state: null }, { approved: true }, `${id}-${seq}`))).status).toBe(200)
    const { events } = await bot.untilStatus(id, 'done')
    expect(events.find(({ type }) => type === 'deploy_backend_result')?.data).toMatchObject({
      tag: 'v1.2.3',
      environment: 'production',
    })
    expect(JSON.stringify(events)).not.toMatch(/v9\.9\.9|moon/)
  })

  test('that names no question of ours is refused', async () =>
    expect(await human(called({}, { approved: true }))).toMatchObject({
      status: 422,
      body: { code: 'unknown_question' },
    }))

  test.each([
    { thread_id: randomUUID(), seq: 6 },
    { thread_id: '../../threads', seq: 6 },
  ])('about %j finds no thread', async (state) =>
    expect(await human(called({ state }, { approved: true }))).toMatchObject({ status: 404 }),
  )

  test('that is neither a yes nor a no changes nothing', async () => {
    const { id, seq } = await waiting()
    expect((await human(called({ state: { thread_id: id, seq } }, {}))).body.ignored).toBeDefined()
    expect((await bot.thread(id)).waiting_for).toMatchObject({ seq })
  })
})

describe('human_contact.completed', () => {
  const answered = (state: object, status: object) => ({
    type: 'human_contact.completed',
    event: {
      run_id: 'r',
      call_id: 'c',
      spec: { msg: 'Which tag?', subject: null, channel: null, response_options: null, state },
      status: { requested_at: null, responded_at: null, response: null, response_option_name: null, ...status },
    },
  })

  test('answers in words, and says nothing where there are none', async () => {
    const id = await bot.launch('deploy backend to production')
    const { seq } = await bot.untilAsked(id, 'human_input')
    const state = { thread_id: id, seq }
    expect((await human(answered(state, {}))).body.ignored).toBeDefined()
    expect((await human(answered(state, { response: 'v1.2.3' }))).status).toBe(200)
    expect((await bot.untilAsked(id, 'approval')).tag).toBe('v1.2.3')
  })
})

describe('agent_slack.received', () => {
  const slack = (thread_ts: string, content: string, user = 'U01') => ({
    type: 'agent_slack.received',
    event: {
      thread_ts,
      channel_id: 'C1',
      team_id: 'T01',
      events: [{ from_user_id: user, channel_id: 'C1', content, message_ts: '2.0' }],
    },
  })

  test('launches a thread, and later words there go to it while it lasts', async () => {
    await human(slack('1.1', 'deploy backend v1.2.3 to production'))
    const id = await newest()
    await bot.untilAsked(id, 'approval')
    expect((await human(slack('1.1', 'frontend first, please'))).status).toBe(200)
    expect(await newest()).toBe(id)
    expect(await said(id)).toContainEqual({ message: 'frontend first, please' })
    await human(slack('1.2', 'what is live?'))
    expect(await newest()).not.toBe(id)
    await bot.post(`/threads/${id}/cancel`, {})
    await bot.untilStatus(id, 'cancelled')
    await human(slack('1.1', 'deploy frontend v1.2.3 to staging'))
    expect(await said(await newest())).toEqual([{ message: 'deploy frontend v1.2.3 to staging' }])
  })

  test('is taken once, whether it launches or goes on', async () => {
    const message = { id: `msg_${randomUUID()}` }
    for (let i = 0; i < 3; i++) expect((await human(slack('2.1', 'what is live?'), message)).status).toBe(200)
    expect(await said(await newest())).toHaveLength(1)
  })

  test('of a workspace that nobody names launches, as a stranger', async () => {
    const { event } = slack('3.1', 'what is live?')
    await human({ type: 'agent_slack.received', event: { ...event, team_id: null } })
    expect((await bot.thread(await newest())).events[0]?.actor).toMatchObject({ kind: 'caller' })
  })
})

describe('agent_email.received', () => {
  const mail = (more: object = {}) => ({
    type: 'agent_email.received',
    event: {
      from_address: 'lead@acme.test',
      to_address: 'bot@acme.test',
      subject: 'A question',
      body: 'what is live?',
      message_id: '<1@acme.test>',
      previous_thread: null,
      raw_email: '',
      ...more,
    },
  })

  test('launches with its subject, by nobody that we know, and shows the mails before it', async () => {
    const previous_thread = [
      { from_address: 'ann@acme.test', to_address: ['lead@acme.test'], subject: 'Re', content: 'x'.repeat(9_000) },
    ]
    expect((await human(mail({ previous_thread }))).status).toBe(200)
    const [launched, message] = (await bot.thread(await newest())).events
    expect(launched).toMatchObject({ actor: { kind: 'caller', id: 'lead@acme.test' } })
    expect(launched?.data).toMatchObject({ context: { earlier_mails: [{ from: 'ann@acme.test' }] } })
    expect(JSON.stringify(launched?.data).length).toBeLessThan(3_000)
    expect(message?.data).toEqual({ message: 'A question\n\nwhat is live?' })
  })

  test('of any length launches with as much as a message may hold', async () => {
    // The limit would fall between the halves of a pair.
    expect((await human(mail({ subject: 'y', body: '😀'.repeat(10_000) }))).status).toBe(200)
    const [message] = (await said(await newest())) as { message: string }[]
    expect(message?.message.length).toBe(20_000)
  })
})

describe('conversation.created', () => {
  const created = (more: object = {}) => ({
    type: 'conversation.created',
    event: { user_message: 'what is live?', contact_channel_id: 7, agent_name: 'deploybot', ...more },
  })

  test('launches, or goes on with the thread that it names', async () => {
    await human(created({ thread_id: null, slack: null, email: null }))
    const id = await newest()
    await human(created({ thread_id: id, user_message: 'and on staging?' }))
    expect(await newest()).toBe(id)
    expect(await said(id)).toEqual([{ message: 'what is live?' }, { message: 'and on staging?' }])
  })

  test('that names no thread of ours is refused', async () =>
    expect((await human(created({ thread_id: 'theirs-1' }))).status).toBe(404))

  test('without words is refused', async () =>
    expect(await human(created({ user_message: ' ' }))).toMatchObject({ status: 422, body: { code: 'empty_message' } }))
})
