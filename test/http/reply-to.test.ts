import { randomUUID } from 'node:crypto'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import type { ThreadView } from '../../src/thread/view.ts'
import { startApp } from '../support/app.ts'
import { startHost } from '../support/host.ts'
import { createHuman, HUMAN_SECRET } from '../support/human.ts'
import { startJobService } from '../support/jobs.ts'
import { freshDatabase } from '../support/postgres.ts'
import { createApi, startTestService, type TestService } from '../support/service.ts'
import { buttonsOf, createSlackRoom, until, whole } from '../support/slack-room.ts'
import { policy } from '../thread/spec.ts'

const WISH = { message: 'deploy backend v1.2.3 to production' }
const messages = ({ events }: ThreadView) =>
  events.flatMap((event) => (event.type === 'message' ? [{ actor: event.actor, message: event.data.message }] : []))

describe('a thread that tells another one', () => {
  let bot: TestService
  beforeAll(async () => {
    bot = await startTestService({}, afterAll, { sandboxSlack: true })
  })
  const launch = async (thread?: string) =>
    (await bot.post('/threads', { ...WISH, ...(thread === undefined ? {} : { reply_to: { thread } }) })).body

  test('says there what it asks and how it ended, each once', async () => {
    const listener = await launch()
    const { id } = await launch(listener.id)
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.until(listener.id, 'the question', (view) => messages(view).length > 1)
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    const told = await bot.until(
      listener.id,
      'the end',
      (view) => messages(view).at(-1)?.message.includes('ended') === true,
    )
    expect(messages(told).slice(1)).toMatchObject([
      {
        actor: { kind: 'caller', id: `thread ${id}` },
        message: expect.stringContaining('for people to approve: backend v1.2.3'),
      },
      { actor: { kind: 'caller', id: `thread ${id}` }, message: expect.stringContaining('It has ended: done') },
    ])
  })

  test('where that one has ended says so in its own log, and goes on', async () => {
    const listener = await launch()
    await bot.post(`/threads/${listener.id}/cancel`, {})
    const { id } = await launch(listener.id)
    const told = ({ events }: ThreadView) =>
      events.find(
        ({ type, data }) => type === 'human_contacted' && 'address' in data && data.address === `thread:${listener.id}`,
      )
    expect(told(await bot.until(id, 'word to the other', (view) => told(view) !== undefined))?.data).toMatchObject({
      ok: false,
      message: expect.stringContaining('thread_ended'),
    })
  })

  test('or a person in Slack, who is asked in a message of theirs and hears the end there', async () => {
    const { messages, click } = createSlackRoom(() => bot)
    const { id } = (await bot.post('/threads', { ...WISH, reply_to: { slack: 'T01/U01' } })).body
    const asked = await until('one card', async () => {
      const cards = (await messages('D01')).filter((one) => whole(one).includes(id) && buttonsOf(one).length > 0)
      return cards.length === 1 && cards[0]
    })
    await click('U01', 'D01', asked, 'approve')
    await bot.untilStatus(id, 'done')
    await until('the end', async () =>
      (await messages('D01')).some((one) => whole(one).includes(id) && whole(one).includes('✅ *Done*')),
    )
  })

  test('is one of three in a row at most', async () => {
    let last: string | undefined
    for (let i = 0; i < 4; i++) last = (await launch(last)).id
    expect(await launch(last)).toMatchObject({ code: 'bad_reply_to', detail: expect.stringContaining('more than 3') })
  })

  test.each<[string, object, number, string]>([
    ['no thread of ours', { thread: randomUUID() }, 404, 'unknown_thread'],
    ['no id', { thread: '../locks' }, 404, 'unknown_thread'],
    ['two places', { thread: randomUUID(), webhook: 'https://a.test/' }, 400, 'invalid_request'],
    ['no place', {}, 400, 'invalid_request'],
    ['a mailbox', { email: { to: 'a@b.test' } }, 400, 'invalid_request'],
    ['a service that is not set up', { humanlayer: {} }, 422, 'reply_to_unavailable'],
    ['mail where none goes out', { email: 'lead@acme.test' }, 422, 'reply_to_unavailable'],
    ['somebody in Slack whom no rule names', { slack: 'T01/U02' }, 422, 'bad_reply_to'],
    ['a channel that no rule names', { slack: 'T01/C01' }, 422, 'bad_reply_to'],
    ['what only looks like somebody', { slack: 'T01/U01/1.1' }, 422, 'bad_reply_to'],
  ])('refuses %s', async (_, reply_to, status, code) =>
    expect(await bot.post('/threads', { ...WISH, reply_to })).toMatchObject({ status, body: { code } }),
  )
})

test('a job speaks in no thread', async () => {
  const bot = await startJobService({ DEPLOYBOT_AUTH: 'tokens' })
  const job = await bot.asJob()
  const { body } = await bot.post('/threads', WISH, job)
  expect(await bot.post('/threads', { ...WISH, reply_to: { thread: body.id } }, job)).toMatchObject({
    status: 403,
    body: { code: 'not_for_jobs' },
  })
})

test('an SMS goes to the own phone of whoever launches, and to another for operators alone', async () => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const people = { ...policy.people, lead: { phone: '+15550100' }, dev: { phone: '+15550101' } }
  const app = await startApp(connection, { auth: 'tokens', ways: ['sms'], policy: { ...policy, people } })
  const launch = async (person: string | null, scopes: ('ask' | 'operate')[], sms: string) => {
    const token = await app.store.tokens.create({ name: `${person} ${scopes}`, scopes, person, expires_in_days: 1 })
    const api = createApi(() => app.url, { authorization: `Bearer ${token.secret}` })
    return (await api.post('/threads', { ...WISH, reply_to: { sms } })).status
  }
  expect(await launch('dev', ['ask'], '+15550101')).toBe(201)
  expect(await launch('dev', ['ask'], '+15550100')).toBe(403)
  expect(await launch(null, ['ask'], '+15550100')).toBe(403)
  expect(await launch(null, ['ask', 'operate'], '+15550100')).toBe(201)
  expect(await launch(null, ['ask', 'operate'], '+15550199')).toBe(422)
})

describe('a service that asks people', () => {
  /** It asks a person who says yes at once, and calls back. */
  const start = async (env: NodeJS.ProcessEnv = {}) => {
    const calls: { path: string | undefined; spec: { channel?: object } }[] = []
    let answer = (_: object): Promise<unknown> => Promise.resolve()
    const { url } = await startHost(async (request, response) => {
      const { spec, ...call } = JSON.parse(await text(request))
      calls.push({ path: request.url, spec })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
      const status = { approved: true, user_info: { email: 'lead@acme.test' } }
      if (request.url === '/function_calls') void answer({ ...call, spec, status })
    })
    const settings = {
      HUMANLAYER_API_BASE: url,
      HUMANLAYER_API_KEY: 'hl-key-of-tests',
      HUMAN_WEBHOOK_SECRET: HUMAN_SECRET,
    }
    const bot = await startTestService({ ...settings, ...env })
    const human = createHuman(bot.call)
    answer = (event) => human({ type: 'function_call.completed', event })
    return { bot, human, calls }
  }

  test('brings the approval, and hears how it ended', async () => {
    const { bot, calls } = await start()
    const { id } = (await bot.post('/threads', { ...WISH, reply_to: { humanlayer: {} } })).body
    const { events } = await bot.untilStatus(id, 'done')
    expect(events.find(({ type }) => type === 'approval_given')?.actor).toMatchObject({ kind: 'person', id: 'lead' })
    await bot.until(id, 'word of the end', () => calls.length > 1)
    expect(calls.map(({ path }) => path)).toEqual(['/function_calls', '/contact_requests'])
  })

  test('answers in the Slack conversation through which it came, where later words go to the same thread', async () => {
    const { bot, human, calls } = await start()
    const said = (content: string) => ({
      type: 'agent_slack.received',
      event: { thread_ts: '1.1', channel_id: 'C1', team_id: 'T01', events: [{ from_user_id: 'U01', content }] },
    })
    await human(said('deploy backend v1.2.3 to production'))
    const [first] = await bot.threads('limit=10')
    await bot.untilStatus(first?.id ?? '', 'done')
    await human(said('thank you'))
    expect(await bot.threads('limit=10')).toHaveLength(1)
    expect(calls[0]?.spec.channel).toEqual({ slack: { channel_or_user_id: 'C1', thread_ts: '1.1' } })
  })

  test('calls whom an operator names, and nobody else does', async () => {
    const { bot } = await start({ DEPLOYBOT_AUTH: 'tokens' })
    const store = await openStore({ connection: bot.database.connection })
    onTestFinished(() => store.close())
    const reply_to = { humanlayer: { channel: { sms: { phone_number: '+15550100' } } } }
    const ask = async (...scopes: ('ask' | 'operate')[]) => {
      const token = await store.tokens.create({ name: scopes.join(), scopes, person: null, expires_in_days: 1 })
      const api = createApi(bot.url, { authorization: `Bearer ${token.secret}` })
      return (await api.post('/threads', { ...WISH, reply_to })).status
    }
    expect(await ask('ask')).toBe(403)
    expect(await ask('ask', 'operate')).toBe(201)
  })
})
