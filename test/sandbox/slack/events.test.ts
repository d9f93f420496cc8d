import { verifySlackRequest } from '@slack/bolt'
import { expect, test } from 'vitest'
import { signatureOf } from '../../../src/sandbox/slack/send/signature.ts'
import { eventually } from '../../support/eventually.ts'
import { openReceiver } from './receiver.ts'
import { type Delivered, open, openBolt, signingSecret } from './support.ts'

test('the signature is the one of the example that Slack published', () => {
  const body =
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
  expect(signatureOf(signingSecret, '1531420618', body)).toBe(
    'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
  )
})

test("an app on Slack's own framework hears that it is mentioned, and answers in the thread", async () => {
  const { sandbox, control } = await open()
  const app = await openBolt(sandbox)
  app.event('app_mention', async ({ event, say, body }) => {
    await say({ text: `${body.team_id} ${event.user} said ${event.text}`, thread_ts: event.ts })
  })
  const text = '<@UBOT01> deploy backend v1.2.3'
  const { ts } = await control<{ ts: string }>('POST', '/say', { user: 'U01', channel: 'C01', text })
  const answer = await eventually(
    async () => (await control<{ text: string }[]>('GET', `/messages?thread_ts=${ts}`))[1],
  )
  expect(answer.text).toBe(`T01 U01 said ${text}`)
  const deliveries = await control<Delivered[]>('GET', '/deliveries')
  const mention = deliveries.find(({ type }) => type === 'app_mention')
  expect(mention).toMatchObject({ status: 200, failure: null, retry: 0 })
  expect(mention?.ms).toBeLessThan(3_000)
})

test('the envelope says whose it is, and a mention comes as a message too, each with an id of its own', async () => {
  const receiver = await openReceiver()
  const { control } = await open({ requestUrls: receiver.urls })
  const say = { user: 'U01', channel: 'C01', text: 'hi <@UBOT01>' }
  const { ts } = await control<{ ts: string }>('POST', '/say', say)
  const [one, two] = await receiver.until(2)
  const bodies = [one, two].map((request) => JSON.parse(request?.body ?? ''))
  const mention = bodies.find(({ event }) => event.type === 'app_mention')
  expect(mention).toMatchObject({
    type: 'event_callback',
    team_id: 'T01',
    api_app_id: 'A01',
    event: { type: 'app_mention', user: 'U01', text: 'hi <@UBOT01>', ts, event_ts: ts, channel: 'C01' },
    authorizations: [{ team_id: 'T01', user_id: 'UBOT01', is_bot: true, is_enterprise_install: false }],
  })
  const message = bodies.find(({ event }) => event.type === 'message')
  expect(message.event).toMatchObject({ channel_type: 'channel', ts })
  expect(message.event_id).not.toBe(mention.event_id)
})

test('direct messages, replies, edits and the words of the bot itself are told where it is a member', async () => {
  const receiver = await openReceiver()
  const { client, control } = await open({ requestUrls: receiver.urls })
  await control('POST', '/say', { user: 'U03', channel: 'C03', text: 'the bot is not here <@UBOT01>' })
  await control('POST', '/say', { user: 'U01', channel: 'UBOT01', text: 'direct' })
  const { ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'by the bot' })
  await control('POST', '/say', { user: 'U02', channel: 'C01', text: 'a reply', thread_ts: ts })
  await client.chat.update({ channel: 'C01', ts, text: 'edited' })
  const events = (await receiver.until(4)).map(({ body }) => JSON.parse(body).event)
  expect(events).toHaveLength(4)
  expect(events).toContainEqual(expect.objectContaining({ channel_type: 'im', text: 'direct', user: 'U01' }))
  expect(events).toContainEqual(expect.objectContaining({ bot_id: 'B01', text: 'by the bot' }))
  expect(events).toContainEqual(expect.objectContaining({ text: 'a reply', thread_ts: ts, parent_user_id: 'UBOT01' }))
  expect(events).toContainEqual(expect.objectContaining({ subtype: 'message_changed', hidden: true }))
})

test('what is not acknowledged in time comes again, three times, freshly signed, under the same id', async () => {
  const receiver = await openReceiver('silent')
  const { control } = await open({ requestUrls: receiver.urls, ackMs: 250 })
  await control('POST', '/say', { user: 'U01', channel: 'C02', text: 'hello?' })
  const requests = await receiver.until(4)
  expect(requests.map(({ headers }) => headers['x-slack-retry-num'])).toEqual([undefined, '1', '2', '3'])
  expect(requests[1]?.headers['x-slack-retry-reason']).toBe('http_timeout')
  expect(new Set(requests.map(({ body }) => JSON.parse(body).event_id)).size).toBe(1)
  for (const { headers, body } of requests) {
    const signed = { 'x-slack-signature': String(headers['x-slack-signature']) }
    const time = Number(headers['x-slack-request-timestamp'])
    verifySlackRequest({ signingSecret, body, headers: { ...signed, 'x-slack-request-timestamp': time } })
  }
  const deliveries = await eventually(async () => {
    const all = await control<Delivered[]>('GET', '/deliveries')
    return all.length === 4 && all
  })
  expect(deliveries.every(({ failure, status }) => failure === 'http_timeout' && status === 0)).toBe(true)
})

test('an answer that is no 2xx brings it again, until one is', async () => {
  const receiver = await openReceiver(500, 200)
  const { control } = await open({ requestUrls: receiver.urls })
  await control('POST', '/say', { user: 'U01', channel: 'C02', text: 'hello' })
  const [, again] = await receiver.until(2)
  expect(again?.headers).toMatchObject({ 'x-slack-retry-num': '1', 'x-slack-retry-reason': 'http_error' })
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(receiver.received).toHaveLength(2)
})

test('an app can ask not to be told again', async () => {
  const receiver = await openReceiver('no-retry')
  const { control } = await open({ requestUrls: receiver.urls })
  await control('POST', '/say', { user: 'U01', channel: 'C02', text: 'hello' })
  await receiver.until(1)
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(receiver.received).toHaveLength(1)
})

test('an address is verified by a challenge', async () => {
  const { sandbox } = await open()
  expect(await sandbox.verify()).toBe(false)
  await openBolt(sandbox)
  expect(await sandbox.verify()).toBe(true)
  const receiver = await openReceiver()
  sandbox.setRequestUrls(receiver.urls)
  expect(await sandbox.verify()).toBe(false)
})
