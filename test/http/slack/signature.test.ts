import { verifySlackRequest } from '@slack/bolt'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifySlack } from '../../../src/http/signatures.ts'
import { anyText } from '../../support/any-text.ts'
import { mentions, nowS, openSlack, SECRET, type Slack, signed } from './support.ts'

// The example that Slack's page on verifying requests gives.
const BODY =
  'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
const AT_S = 1531420618
const HEADERS = {
  'x-slack-request-timestamp': String(AT_S),
  'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
}
const verify = (more: object = {}, { body = BODY, at = AT_S, secret = SECRET } = {}) =>
  verifySlack(Buffer.from(body), { ...HEADERS, ...more }, secret, at * 1000)

describe("Slack's signature", () => {
  test('of its own example fits', () => expect(() => verify()).not.toThrow())

  test.each([-300, 300])('fits when the clocks are %i s apart', (apart) =>
    expect(() => verify({}, { at: AT_S + apart })).not.toThrow(),
  )

  test.each<[string, Parameters<typeof verify>]>([
    ['five minutes old', [{}, { at: AT_S + 301 }]],
    ['five minutes early', [{}, { at: AT_S - 301 }]],
    ['of another body', [{}, { body: `${BODY}&x=1` }]],
    ['of another secret', [{}, { secret: 'another' }]],
    ['of another time', [{ 'x-slack-request-timestamp': String(AT_S + 1) }]],
    ['of a time that is none', [{ 'x-slack-request-timestamp': 'now' }]],
    ['without a time', [{ 'x-slack-request-timestamp': undefined }]],
    ['that is not there', [{ 'x-slack-signature': undefined }]],
    ['of another version', [{ 'x-slack-signature': HEADERS['x-slack-signature'].replace('v0', 'v1') }]],
    ['cut short', [{ 'x-slack-signature': HEADERS['x-slack-signature'].slice(0, -2) }]],
    ['twice', [{ 'x-slack-signature': [HEADERS['x-slack-signature'], HEADERS['x-slack-signature']] }]],
  ])('%s is refused', (_, args) =>
    expect(() => verify(...args)).toThrow(expect.objectContaining({ code: 'bad_signature' })),
  )
})

test("of whatever body is judged as Slack's own framework does", () => {
  const passes = (judge: () => void): boolean => {
    try {
      judge()
      return true
    } catch {
      return false
    }
  }
  const at = fc.integer({ min: 1_000_000_000, max: 2_000_000_000 })
  const apart = fc.integer({ min: -400, max: 300 })
  fc.assert(
    fc.property(anyText(), at, apart, fc.boolean(), (body, sent, late, tampered) => {
      const headers = signed(body.toWellFormed(), sent)
      const came = `${body.toWellFormed()}${tampered ? ' ' : ''}`
      const now = (sent - late) * 1000
      const ours = passes(() => verifySlack(Buffer.from(came), headers, SECRET, now))
      const theirs = passes(() =>
        verifySlackRequest({
          signingSecret: SECRET,
          body: came,
          headers: { 'x-slack-signature': headers['x-slack-signature'] ?? '', 'x-slack-request-timestamp': sent },
          nowMilliseconds: now,
        }),
      )
      expect(ours).toBe(theirs)
      expect(ours).toBe(!tampered && late >= -300)
    }),
  )
})

describe('what is not signed by Slack now', () => {
  let slack: Slack
  beforeAll(async () => {
    slack = await openSlack(afterAll)
  })
  const body = JSON.stringify(mentions('deploy backend v1.2.3 to production'))

  test.each<[string, Record<string, string>]>([
    ['unsigned', {}],
    ['signed by another', signed(body, nowS(), 'another')],
    ['signed too long ago', signed(body, nowS() - 600)],
    ['signed for later', signed(body, nowS() + 600)],
    ['signed for another body', signed('{}')],
  ])('%s leaves no row, wherever it is sent', async (_, headers) => {
    for (const kind of ['events', 'interactions', 'commands'] as const) {
      for (const type of ['application/json', 'application/x-www-form-urlencoded']) {
        expect(await slack.send(kind, type, body, headers)).toMatchObject({
          status: 401,
          body: { code: 'bad_signature' },
        })
      }
    }
    expect(await slack.rows()).toEqual({ deliveries: 0, events: 0 })
  })

  test('nothing at all is nothing', async () => {
    const answer = await fetch(`${slack.url}/webhooks/slack/events`, { method: 'POST' })
    expect(answer.status).toBe(401)
  })

  test('signed, and nothing that we know, is refused', async () => {
    for (const payload of ['{}', '{"type":"event_callback"}', '[]', 'null']) {
      expect((await slack.send('events', 'application/json', payload)).status).toBeGreaterThanOrEqual(400)
    }
    expect(await slack.send('events', 'application/json', '{')).toMatchObject({
      status: 400,
      body: { code: 'bad_json' },
    })
    expect(await slack.rows()).toEqual({ deliveries: 0, events: 0 })
  })

  test('signed, whatever it is, is answered and never our mistake', async () => {
    const types = fc.constantFrom('event_callback', 'url_verification', 'block_actions', 'view_submission')
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({
        type: types,
        team: fc.jsonValue(),
        team_id: fc.constantFrom('T01', 'T99', 7),
        event: fc.jsonValue(),
        actions: fc.jsonValue(),
      }),
    )
    const kinds = fc.constantFrom('events' as const, 'interactions' as const, 'commands' as const)
    await fc.assert(
      fc.asyncProperty(anything, kinds, fc.boolean(), async (payload, kind, asForm) => {
        const json = JSON.stringify(payload)
        const text = asForm ? new URLSearchParams({ payload: json }).toString() : json
        const type = asForm ? 'application/x-www-form-urlencoded' : 'application/json'
        expect((await slack.send(kind, type, text, signed(text))).status).toBeLessThan(500)
      }),
      { numRuns: 150 },
    )
    expect(await slack.rows()).toEqual({ deliveries: 0, events: 0 })
  })
})
