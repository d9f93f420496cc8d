import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { wordsOf } from '../../../src/http/slack/words.ts'
import { asked, cancels, looked, prepared, proposed, selected } from '../../thread/spec.ts'
import { eventually, freshTs, mentions, openSlack, type Slack, says } from './support.ts'

let slack: Slack
beforeAll(async () => {
  slack = await openSlack(afterAll)
})
afterEach(() => Object.assign(slack.trouble, { ms: 0, error: null }))

const asksWhich = [
  asked('deploy backend'),
  looked,
  selected({ intent: 'request_more_information', question: 'Which tag?' }),
]
const place = () => ({ team: 'T01', channel: 'C01', thread_ts: freshTs() })

test("Slack's own question is answered", async () =>
  expect(await slack.event({ type: 'url_verification', token: 'x', challenge: 'abc' })).toEqual({
    status: 200,
    body: { challenge: 'abc' },
  }))

describe('a mention', () => {
  test('launches a thread that answers below it', async () => {
    const payload = mentions('deploy backend v1.2.3 to production &lt;now&gt;')
    expect(await slack.event(payload)).toEqual({ status: 200, body: { ok: true } })
    const { events } = await slack.newest()
    expect(events[0]).toMatchObject({
      type: 'thread_launched',
      actor: { kind: 'person', id: 'lead', via: 'slack' },
      data: { reply_to: { slack: { team: 'T01', channel: 'C01', thread_ts: payload.event.ts } } },
    })
    expect(events[1]?.data).toEqual({ message: 'deploy backend v1.2.3 to production <now>' })
  })

  test('is taken once, however often it comes and as whatever it comes', async () => {
    const before = (await slack.rows()).events
    const payload = mentions('what is live?')
    const asMessage = {
      ...payload,
      event_id: 'EvOther',
      event: { ...payload.event, type: 'message', channel_type: 'im' },
    }
    const all = await Promise.all([payload, payload, asMessage, payload].map(slack.event))
    expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect((await slack.rows()).events).toBe(before + 2)
  })

  test('within a conversation answers there', async () => {
    const thread_ts = freshTs()
    await slack.event(mentions('what is live?', { thread_ts }))
    expect((await slack.newest()).events[0]?.data).toMatchObject({ reply_to: { slack: { thread_ts } } })
  })

  test('by somebody whom deploybot.yaml does not name is a stranger', async () => {
    await slack.event(mentions('deploy backend', { user: 'U99' }))
    expect((await slack.newest()).events[0]?.actor).toEqual({ kind: 'caller', id: 'T01/U99', via: 'slack' })
    await slack.event(mentions('deploy backend', { user_team: 'T02' }))
    expect((await slack.newest()).events[0]?.actor).toEqual({ kind: 'caller', id: 'T02/U01', via: 'slack' })
  })
})

test('words to us alone launch a thread', async () => {
  await slack.event(says('what is live?', { channel: 'D01', channel_type: 'im' }))
  expect((await slack.newest()).events[0]?.data).toMatchObject({ reply_to: { slack: { channel: 'D01' } } })
})

describe('what is ignored:', () => {
  test.each<[string, object]>([
    ['our own words', says('Approval needed', { user: 'UBOT', channel_type: 'im' })],
    ['those of other bots', mentions('deploy', { bot_id: 'B01' })],
    ['nobody', mentions('deploy', { user: undefined })],
    ['an edit', mentions('deploy', { subtype: 'message_changed' })],
    ['no words', mentions('')],
    ['words to a channel', says('deploy backend')],
    ['words in a conversation that is not ours', says('deploy backend', { thread_ts: '1.1' })],
    ['other events', { ...says(''), event: { type: 'reaction_added' } }],
  ])('%s', async (_, payload) => {
    const before = await slack.rows()
    expect(await slack.event(payload)).toMatchObject({ status: 200, body: { ok: true, ignored: expect.any(String) } })
    expect(await slack.rows()).toEqual(before)
  })
})

test('a workspace that did not install us is refused', async () => {
  const before = await slack.rows()
  const stranger = { team_id: 'T99' }
  for (const payload of [
    mentions('deploy', {}, stranger),
    { ...says('', {}, stranger), event: { type: 'reaction_added' } },
  ]) {
    expect(await slack.event(payload)).toMatchObject({ status: 403, body: { code: 'unknown_workspace' } })
  }
  expect(await slack.rows()).toEqual(before)
})

describe('words in the conversation of a thread', () => {
  test('go to it, and make void what it asks about', async () => {
    const at = place()
    const id = await slack.plant([asked(), looked, proposed, prepared()], at)
    await slack.event(says('frontend first, please', { thread_ts: at.thread_ts, user: 'U99' }))
    const events = await slack.events(id)
    expect(events.slice(-2)).toMatchObject([
      { type: 'approval_superseded' },
      { type: 'message', data: { message: 'frontend first, please' }, actor: { kind: 'caller', id: 'T01/U99' } },
    ])
  })

  test('come once, though a mention is told twice', async () => {
    const at = place()
    const id = await slack.plant([asked()], at)
    const payload = mentions('are you there?', { thread_ts: at.thread_ts })
    await slack.event(payload)
    await slack.event({ ...payload, event_id: 'EvTwin', event: { ...payload.event, type: 'message' } })
    expect((await slack.types(id)).filter((type) => type === 'message')).toHaveLength(2)
  })

  test('answer what it asks in words', async () => {
    const at = place()
    const id = await slack.plant(asksWhich, at)
    await slack.event(says('v1.2.3', { thread_ts: at.thread_ts }))
    const [event] = (await slack.events(id)).slice(-1)
    expect(event).toMatchObject({ type: 'human_response', data: { response: 'v1.2.3' }, actor: { id: 'lead' } })
    await slack.event(says('and hurry', { thread_ts: at.thread_ts }))
    expect((await slack.types(id)).slice(-2)).toEqual(['human_response', 'message'])
  })

  test('to one that was cancelled are told so, and a mention begins another', async () => {
    const at = place()
    const id = await slack.plant([asked(), cancels()], at)
    const before = await slack.rows()
    await slack.event(says('hello?', { thread_ts: at.thread_ts }))
    const [whispered] = await eventually(
      () => slack.fake.of('chat.postEphemeral'),
      ({ length }) => length > 0,
    )
    expect(whispered?.args).toMatchObject({
      user: 'U01',
      thread_ts: at.thread_ts,
      text: expect.stringContaining('has ended'),
    })
    expect(await slack.rows()).toEqual(before)
    await slack.event(mentions('deploy it again', { thread_ts: at.thread_ts }))
    const newest = await slack.newest()
    expect(newest.id).not.toBe(id)
    expect(newest.events[0]?.data).toMatchObject({ reply_to: { slack: at } })
  })
})

describe('while the database', () => {
  test('is slow, Slack is told to send it again, and that counts once', { timeout: 20_000 }, async () => {
    const before = (await slack.rows()).events
    const payload = mentions('what is live?')
    slack.trouble.ms = 2_900
    const began = performance.now()
    expect(await slack.event(payload)).toMatchObject({ status: 503, body: { code: 'not_taken_yet' } })
    expect(performance.now() - began).toBeLessThan(2_900)
    slack.trouble.ms = 0
    await eventually(slack.rows, ({ events }) => events === before + 2)
    expect(await slack.event(payload)).toMatchObject({ status: 200 })
    expect((await slack.rows()).events).toBe(before + 2)
  })

  test('is gone, Slack is told to send it again', async () => {
    slack.trouble.error = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    expect(await slack.event(mentions('what is live?'))).toMatchObject({
      status: 503,
      body: { code: 'database_unavailable' },
    })
  })
})

test.each([
  ['<@UBOT> deploy', 'deploy'],
  ['<@UBOT|deploybot> a &amp;&lt;b&gt;', 'a &<b>'],
  ['see <https://a.test/x|a.test/x> and <https://b.test>', 'see a.test/x and https://b.test'],
  ['<mailto:lead@acme.test|lead@acme.test> <mailto:x@y.test>', 'lead@acme.test x@y.test'],
  ['<@U02> <@U03|dev> <#C01|general> <#C02> <!here> <!subteam^S1|@ops>', '@U02 @dev #general #C02 @here @ops'],
  ['a\u202Eb\u200B\u0000c', 'abc'],
  ['&amp;lt;', '&lt;'],
])('%j is read as %j', (text, words) => expect(wordsOf(text, 'UBOT')).toBe(words))
