import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { createEmulator } from 'emulate'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import twilio from 'twilio'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Mutes } from '../../src/agent/ports.ts'
import { createSmsChannel } from '../../src/channels/sms.ts'
import { verifyTwilio } from '../../src/http/sms/form.ts'
import { keyOf } from '../../src/thread/contact/address.ts'
import { noticeAt } from '../channels/notice.ts'
import { policy } from '../thread/spec.ts'
import { approving, arranged, asking } from './arranged.ts'
import { open } from './github/support.ts'

const authToken = 'twilio_test_auth_token'
const LEAD = '+15550100'
const STRANGER = '+15550666'
const rules = { ...policy, people: { ...policy.people, lead: { phone: LEAD } } }

const registry = new Registry()
let app: Awaited<ReturnType<typeof open>>
let publicUrl: string
/** The newest thread of each number: the index that knows it is the store's, and tested there. */
const threads = new Map<string, string>()

/** What stands before a service, under the address that the world knows. */
const startFront = async (target: () => string) => {
  const server = createServer(async (request, response) => {
    const { 'content-length': _, ...headers } = request.headers as Record<string, string>
    const answer = await fetch(`${target()}${request.url}`, { method: 'POST', headers, body: await buffer(request) })
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' })
    response.end(await answer.text())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterAll(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

beforeAll(async () => {
  const mutes: Mutes = {
    isMuted: (number) => app.store.mutes.isMuted(number),
    set: (...change) => app.store.mutes.set(...change),
  }
  publicUrl = await startFront(() => app.url)
  const listing = { threadAt: async (key: string) => threads.get(key) ?? null } as never
  app = await open({ policy: rules, smsIn: { authToken, mutes }, publicUrl, registry, listing }, afterAll)
})
beforeEach(async () => {
  threads.clear()
  await app.mark()
})

let count = 0
type Fields = Record<string, string>
const inbound = (Body: string, more: Fields = {}): Fields => {
  count += 1
  return { AccountSid: `AC${'0'.repeat(32)}`, MessageSid: `SM${count}`, From: LEAD, To: '+15551234567', Body, ...more }
}
const post = async (fields: Fields, path = '/webhooks/sms', headers: Fields = {}) => {
  const signature = twilio.getExpectedTwilioSignature(authToken, `${publicUrl}${path}`, fields)
  const form = { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': signature, ...headers }
  const answer = await fetch(`${app.url}${path}`, { method: 'POST', headers: form, body: new URLSearchParams(fields) })
  return { status: answer.status, type: answer.headers.get('content-type'), text: await answer.text() }
}
const told = async (number: string, inputs: Parameters<typeof arranged>[1]) => {
  const thread = await arranged(app.store, inputs)
  threads.set(keyOf({ sms: number }), thread.id)
  return thread
}
const eventsOf = async (id: string) => (await app.store.log.load(id)).events
const last = async (id: string) => (await eventsOf(id)).at(-1)
const EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

describe('an SMS that comes in', () => {
  test('is words in the newest thread that told its number', async () => {
    const { id } = await told(LEAD, asking())
    const answer = await post(inbound('use v1.2.3'))
    expect(answer).toEqual({ status: 200, type: 'text/xml; charset=utf-8', text: EMPTY })
    expect(await last(id)).toMatchObject({
      type: 'message',
      data: { message: 'use v1.2.3' },
      actor: { kind: 'person', id: 'lead', via: 'sms' },
    })
  })

  test.each(['yes', 'approve', 'Approved', '1'])('that says %j approves nothing', async (words) => {
    const { id } = await told(LEAD, approving)
    await post(inbound(words))
    expect((await eventsOf(id)).map(({ type }) => type)).not.toContain('approval_given')
    expect(await last(id)).toMatchObject({ type: 'message', data: { message: words } })
  })

  test('is taken once', async () => {
    const { id } = await told(LEAD, asking())
    const sms = inbound('v1')
    await Promise.all([post(sms), post(sms), post(sms)])
    const { length } = await eventsOf(id)
    expect(await post(sms)).toMatchObject({ status: 200, text: EMPTY })
    await app.door.handle(id, { type: 'cancel', actor: { kind: 'code' } })
    expect(await post(sms)).toMatchObject({ status: 200, text: EMPTY })
    expect(await eventsOf(id)).toHaveLength(length + 1)
    expect((await eventsOf(id)).filter(({ type }) => type === 'message')).toHaveLength(2)
    expect((await app.rows()).threads).toBe(1)
  })

  test('of a person launches a thread where none waits, or what waited is over', async () => {
    await post(inbound('what is live?'))
    const [launched] = await app.newest()
    expect(launched).toMatchObject({ data: { reply_to: { sms: LEAD } }, actor: { kind: 'person', id: 'lead' } })
    const { id } = await told(LEAD, [...asking(), { type: 'cancel', actor: { kind: 'code' } }])
    await post(inbound('then deploy backend'))
    expect((await app.newest())[1]).toMatchObject({ data: { message: 'then deploy backend' } })
    expect((await last(id))?.type).toBe('cancelled')
  })

  test('of a stranger is words where their number was told, and else nothing', async () => {
    const { id } = await told(STRANGER, asking())
    await post(inbound('hello', { From: STRANGER }))
    expect((await last(id))?.actor).toEqual({ kind: 'caller', id: STRANGER, via: 'sms' })
    threads.clear()
    await app.mark()
    expect(await post(inbound('deploy backend', { From: STRANGER }))).toMatchObject({ status: 200, text: EMPTY })
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
    expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'sms refused' }))
  })

  test.each<[string, Fields]>([
    ['without words', { Body: ' \u200b ' }],
    ['without a number', { From: 'ACME' }],
    ['without its own name', { MessageSid: '' }],
  ])('%s is nothing', async (_, more) => {
    expect(await post(inbound('hello', more))).toMatchObject({ status: 200, text: EMPTY })
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
  })
})

describe('STOP', () => {
  const number = () => `+1555${String(1_000_000 + Math.floor(Math.random() * 9_000_000))}`
  const isMuted = (from: string) => app.store.mutes.isMuted(from)

  test.each(['STOP', 'stop', ' Stop! ', 'UNSUBSCRIBE', 'cancel', 'End', 'QUIT', 'stopall'])(
    '%j ends what is sent there',
    async (word) => {
      const From = number()
      await post(inbound(word, { From }))
      expect(await isMuted(From)).toBe(true)
      expect((await app.rows()).threads).toBe(0)
    },
  )

  test('is remembered until START, and neither is undone by an SMS that comes again', async () => {
    const From = number()
    const [stop, start] = [inbound('STOP', { From }), inbound('START', { From })]
    await post(stop)
    await post(start)
    await post(stop)
    expect(await isMuted(From)).toBe(false)
    await post(inbound('STOP', { From }))
    await post(start)
    expect(await isMuted(From)).toBe(true)
    await post(inbound('yes', { From }))
    expect(await isMuted(From)).toBe(false)
  })

  test('in a sentence is words', async () => {
    const { id } = await told(LEAD, asking())
    await post(inbound('stop the old one first'))
    expect(await isMuted(LEAD)).toBe(false)
    expect((await last(id))?.type).toBe('message')
  })

  test('HELP is answered, unless Twilio has answered it', async () => {
    expect((await post(inbound('HELP'))).text).toContain('<Message>Deploybot asks and tells')
    expect((await post(inbound('help', { OptOutType: 'HELP' }))).text).toBe(EMPTY)
  })
})

describe('the signature', () => {
  test.each<[string, Fields]>([
    ['missing', { 'x-twilio-signature': '' }],
    ['of another token', { 'x-twilio-signature': twilio.getExpectedTwilioSignature('other', 'x', {}) }],
    ['that is no base64', { 'x-twilio-signature': '%%%' }],
  ])('%s is refused', async (_, headers) => {
    expect(await post(inbound('deploy backend'), '/webhooks/sms', headers)).toMatchObject({ status: 401 })
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
  })

  test('for other fields, or another path, is refused', async () => {
    const fields = inbound('deploy backend')
    const signature = {
      'x-twilio-signature': twilio.getExpectedTwilioSignature(authToken, `${publicUrl}/webhooks/sms`, fields),
    }
    expect((await post({ ...fields, Body: 'deploy frontend' }, '/webhooks/sms', signature)).status).toBe(401)
    expect((await post(fields, '/webhooks/sms/status', signature)).status).toBe(401)
    expect((await post(fields, '/webhooks/sms?x=1', signature)).status).toBe(401)
  })

  test('is not judged by the Host that somebody names', async () => {
    const fields = inbound('deploy backend')
    const evil = twilio.getExpectedTwilioSignature(authToken, 'https://evil.test/webhooks/sms', fields)
    const headers = { 'x-twilio-signature': evil, 'x-forwarded-host': 'evil.test', 'x-forwarded-proto': 'https' }
    expect((await post(fields, '/webhooks/sms', headers)).status).toBe(401)
  })

  test('is what the library takes for one, whatever the fields', () => {
    const url = 'https://bot.test/webhooks/sms'
    const values = fc.oneof(fc.string(), fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }))
    const fields = fc.dictionary(fc.string({ minLength: 1 }), values)
    fc.assert(
      fc.property(fields, fc.boolean(), (given, honest) => {
        const signature = twilio.getExpectedTwilioSignature(honest ? authToken : 'another', url, given)
        const form = new URLSearchParams()
        for (const [name, value] of Object.entries(given)) for (const one of [value].flat()) form.append(name, one)
        const ours = () => verifyTwilio(form, signature, url, authToken)
        expect(twilio.validateRequest(authToken, signature, url, given)).toBe(honest)
        if (honest) expect(ours).not.toThrow()
        else expect(ours).toThrow()
      }),
    )
  })

  test.each<[string, string | null, string, number]>([
    ['JSON', '{}', 'application/json', 415],
    ['nothing', null, 'application/x-www-form-urlencoded', 401],
    ['a megabyte', `Body=${'x'.repeat(1_000_000)}`, 'application/x-www-form-urlencoded', 413],
  ])('of %s is not looked for', async (_, body, type, status) =>
    expect(
      (await fetch(`${app.url}/webhooks/sms`, { method: 'POST', headers: { 'content-type': type }, body })).status,
    ).toBe(status),
  )
})

describe('what became of an SMS that we sent', () => {
  const status = (MessageStatus: string, more: Fields = {}, query = '') =>
    post({ MessageSid: 'SM1', MessageStatus, ...more }, `/webhooks/sms/status${query}`)

  test('is counted, and a failure is a line about its thread', async () => {
    const { id } = await arranged(app.store, asking())
    expect((await status('delivered')).status).toBe(204)
    expect((await status('undelivered', { ErrorCode: '30003' }, `?thread=${id}`)).status).toBe(204)
    expect((await status('made up')).status).toBe(204)
    const shown = await registry.metrics()
    for (const one of ['delivered', 'undelivered', 'other'])
      expect(shown).toContain(`deploybot_sms_status_total{status="${one}"} 1`)
    expect(app.lines).toContainEqual(
      expect.objectContaining({
        msg: 'sms did not arrive',
        thread_id: id,
        status: 'undelivered',
        code: '30003',
        level: 40,
      }),
    )
  })

  test('is told by nobody but Twilio', async () =>
    expect((await post({}, '/webhooks/sms/status', { 'x-twilio-signature': 'x' })).status).toBe(401))
})

test('with somebody else’s Twilio: told, answered, stopped', async () => {
  const [accountSid, from] = [`AC${'0'.repeat(32)}`, '+15551234567']
  const sms_url = `${publicUrl}/webhooks/sms`
  const seed = { account: { sid: accountSid, auth_token: authToken }, phone_numbers: [{ phone_number: from, sms_url }] }
  const emulator = await createEmulator({ service: 'twilio', port: 0, seed: { twilio: seed } })
  onTestFinished(() => emulator.close())
  const channel = createSmsChannel({
    accountSid,
    authToken,
    from,
    publicUrl,
    apiUrl: emulator.url,
    mutes: app.store.mutes,
  })
  const says = (Body: string) =>
    fetch(`${emulator.url}/_twilio/simulate/inbound-message`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(`${accountSid}:${authToken}`).toString('base64')}` },
      body: new URLSearchParams({ To: from, From: '+15550199', Body }),
    })
  const { id } = await told('+15550199', asking())
  const notice = noticeAt({ sms: '+15550199' }, { thread_id: id })
  expect(await channel.deliver(notice)).toMatchObject({ ok: true })
  // Its first status came while it was sent, signed by somebody else's code.
  expect(await registry.metrics()).toContain('deploybot_sms_status_total{status="queued"} 1')
  expect((await says('use v1.2.3')).status).toBe(201)
  expect(await last(id)).toMatchObject({ type: 'message', data: { message: 'use v1.2.3' } })
  await says('STOP')
  expect(await channel.deliver(notice)).toEqual({ ok: false, message: 'this number said STOP' })
})
