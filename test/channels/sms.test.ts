import { createEmulator } from 'emulate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTwilio } from '../../src/channels/sms/client.ts'
import { cheaply, fitted, segmentsOf } from '../../src/channels/sms/segments.ts'
import { createSmsChannel } from '../../src/channels/sms.ts'
import { keyOf } from '../../src/thread/contact/address.ts'
import type { Asked } from '../../src/thread/contact/question.ts'
import { shortOf } from '../../src/thread/contact/short.ts'
import { hangs, says, startHost } from '../support/host.ts'
import { approvalAsked, THREAD, wordsAsked } from './asked.ts'
import { noticeAt } from './notice.ts'

const FROM = '+15551234567'
const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twilio_test_auth_token' }
const page = `https://bot.test/t/${shortOf(THREAD)}`

const startTwilio = () => {
  const { accountSid: sid, authToken: auth_token } = account
  const twilio = { account: { sid, auth_token }, phone_numbers: [{ phone_number: FROM }] }
  return createEmulator({ service: 'twilio', port: 0, seed: { twilio } })
}
let emulator: Awaited<ReturnType<typeof startTwilio>>
beforeAll(async () => {
  emulator = await startTwilio()
})
afterAll(() => emulator.close())

const channelAt = (apiUrl: string, muted: string[] = [], more: object = {}) => {
  const mutes = { isMuted: async (number: string) => muted.includes(number) }
  return createSmsChannel({ ...account, from: FROM, publicUrl: 'https://bot.test', apiUrl, mutes, ...more })
}
const to = (sms: string, more: Partial<ReturnType<typeof noticeAt<{ sms: string }>>> = {}) =>
  noticeAt({ sms }, { thread_id: THREAD, ...more })
const sentTo = async (number: string) =>
  (await createTwilio({ ...account, apiUrl: emulator.url }).messages.list()).filter((one) => one.to === number)

describe('an SMS', () => {
  test('says what waits, until when, and where', async () => {
    const told = await channelAt(emulator.url).deliver(to('+15550101', { kind: 'request', question: approvalAsked() }))
    expect(told).toEqual({ ok: true, ref: { sid: expect.stringMatching(/^SM/) } })
    const [sent] = await sentTo('+15550101')
    expect(sent?.body).toBe(`Deploybot: approve backend v1.2.3 (aaaaaaa) to production? Until 12:00 UTC. ${page}`)
    expect(sent?.from).toBe(FROM)
  })

  test('says loudly where it goes back, overrides something, or presses', async () => {
    const blocked = [{ code: 'frozen' as const, message: 'weekend' }]
    const urgent = wordsAsked('Roll back?')
    const asked = { ...urgent.asked, options: { urgency: 'high', format: 'free_text', choices: [] } } as Asked['asked']
    const questions = [approvalAsked({ direction: 'backward' }), approvalAsked({ blocked }), { ...urgent, asked }]
    for (const question of questions) await channelAt(emulator.url).deliver(to('+15550102', { question }))
    const said = (await sentTo('+15550102')).map(({ body }) => /^[A-Z]+!/.exec(body)?.[0])
    expect(said.sort()).toEqual(['OVERRIDE!', 'ROLLBACK!', 'URGENT!'])
  })

  test.each([
    ['asks', '+15550103', wordsAsked('Which tag?', ['v1', 'v2']), /^Deploybot asks: Which tag\? \(v1 \/ v2\) https/],
    [
      'tells who has answered',
      '+15550104',
      approvalAsked(
        {},
        {
          open: false,
          news: [{ what: 'approved', by: 'lead', via: 'slack', at: '2026-11-25T14:02:00.000Z', words: '' }],
        },
      ),
      /backend v1\.2\.3 to production: approved by lead at 14:02 UTC\. Nothing to do\. https/,
    ],
    ['tells the end', '+15550105', null, /^Deploybot: done: deploy backend https/],
  ])('%s', async (_, number, question, words) => {
    const story = {
      title: 'deploy backend',
      results: [],
      approved_by: [],
      end: { status: 'done' as const, message: '' },
    }
    await channelAt(emulator.url).deliver(to(number, { question, story }))
    expect((await sentTo(number))[0]?.body).toMatch(words)
  })

  test('to a number that said STOP is not sent', async () => {
    const told = await channelAt(emulator.url, ['+15550106']).deliver(to('+15550106'))
    expect(told).toEqual({ ok: false, message: 'this number said STOP' })
    expect(await sentTo('+15550106')).toEqual([])
  })

  test.each(['5550107', '+1555', '+15550107,+15550108', '', '+1555010a'])(
    'to %j, which is no number, is not sent',
    async (number) =>
      expect(await channelAt(emulator.url).deliver(to(number))).toEqual({
        ok: false,
        message: 'this is no phone number',
      }),
  )
})

describe('what goes wrong', () => {
  test('by our own mistake is told in the words of Twilio, and not tried again', async () => {
    const wrong = await channelAt(emulator.url, [], { authToken: 'another_auth_token' }).deliver(to('+15550110'))
    expect(wrong).toMatchObject({ ok: false, message: expect.stringMatching(/authenticate/i) })
    expect(wrong.retry_after_ms).toBeUndefined()
    expect(wrong.message).not.toContain('another_auth_token')
  })

  test.each([429, 500, 503])('with %i is tried later, once at a time', async (status) => {
    const { url, asked } = await startHost(says(status))
    const told = await channelAt(url).deliver(to('+15550111'))
    expect(told).toMatchObject({ ok: false, retry_after_ms: 60_000 })
    expect(asked()).toBe(1)
  })

  test('on the way is tried later', async () =>
    expect(await channelAt('http://127.0.0.1:9').deliver(to('+15550112'))).toMatchObject({ retry_after_ms: 60_000 }))

  test('with somebody who hangs ends', async () => {
    const { url } = await startHost(hangs)
    expect(await channelAt(url, [], { deadlineMs: 300 }).deliver(to('+15550113'))).toMatchObject({
      ok: false,
      retry_after_ms: 60_000,
    })
  })

  test('with the database is an answer too', async () => {
    const mutes = { isMuted: () => Promise.reject(new Error('gone')) }
    expect(await channelAt(emulator.url, [], { mutes }).deliver(to('+15550114'))).toMatchObject({
      retry_after_ms: 60_000,
    })
  })
})

describe('what it costs', () => {
  test.each([
    ['a'.repeat(160), 'GSM-7', 1],
    ['a'.repeat(161), 'GSM-7', 2],
    ['a'.repeat(306), 'GSM-7', 2],
    ['a'.repeat(307), 'GSM-7', 3],
    ['{'.repeat(80), 'GSM-7', 1],
    ['{'.repeat(81), 'GSM-7', 2],
    // 152 + an escape of two would divide it: it begins the next part.
    [`${'a'.repeat(152)}{${'a'.repeat(151)}`, 'GSM-7', 2],
    [`${'a'.repeat(152)}{${'a'.repeat(152)}`, 'GSM-7', 3],
    ['ж'.repeat(70), 'UCS-2', 1],
    ['ж'.repeat(71), 'UCS-2', 2],
    ['ж'.repeat(134), 'UCS-2', 2],
    ['ж'.repeat(135), 'UCS-2', 3],
    [`ж${'😀'.repeat(33)}`, 'UCS-2', 1],
    [`ж${'😀'.repeat(66)}`, 'UCS-2', 2],
    [`ж${'😀'.repeat(67)}`, 'UCS-2', 3],
    ['', 'GSM-7', 1],
    ['@£$¥èéùìòÇØøÅåΔ', 'GSM-7', 1],
  ])('%j', (text, encoding, count) => expect(segmentsOf(text)).toEqual({ encoding, count }))

  test.each([
    ['“Größe” — naïve café…', '"Größe" - naive café...'],
    ['Łódź → ok 🚀', 'Łodz -> ok '],
    ['Привет', 'Привет'],
  ])('%j is sent as %j', (text, cheap) => expect(cheaply(text)).toBe(cheap))

  test('is two segments at most, and the link is whole', () => {
    for (const words of [
      'a'.repeat(5_000),
      'ж'.repeat(5_000),
      '{'.repeat(500),
      '🚀'.repeat(500),
      '𝒳'.repeat(300),
      '',
    ]) {
      const text = fitted(words, page)
      expect(segmentsOf(text).count).toBeLessThanOrEqual(2)
      expect(text.endsWith(page)).toBe(true)
    }
    expect(fitted('a'.repeat(5_000), page)).toMatch(/a{200,}\.\.\. https/)
  })

  test('stays small with hostile words, which stay in one line', async () => {
    const evil = `\u202e\r\nhttps://evil.test ${'x'.repeat(10_000)}`
    await channelAt(emulator.url).deliver(to('+15550120', { question: approvalAsked({ tag: evil, service: evil }) }))
    const body = (await sentTo('+15550120'))[0]?.body ?? ''
    expect(body).not.toMatch(/[\n\r\p{Bidi_Control}]/u)
    expect(segmentsOf(body).count).toBeLessThanOrEqual(2)
  })
})

test('replies come in under the number that was told', () => expect(keyOf({ sms: '+15550101' })).toBe('sms:+15550101'))

describe('the account at Twilio', () => {
  test('is looked at, and nothing is sent', async () => {
    const active = await startHost(says(200, { sid: account.accountSid, status: 'active' }))
    expect(await channelAt(active.url).verify()).toBe('the account is active')
    const refused = await startHost(says(401, { code: 20003, message: 'Authenticate' }))
    await expect(channelAt(refused.url).verify()).rejects.toThrow('Authenticate')
  })
})
