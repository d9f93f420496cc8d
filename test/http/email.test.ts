import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMailIds } from '../../src/channels/email.ts'
import { signatureOf } from '../support/standard-webhook.ts'
import { policy } from '../thread/spec.ts'
import { approving, arranged, asking, lost } from './arranged.ts'
import { open } from './github/support.ts'

const FROM = 'Deploybot <bot@acme.test>'
const secret = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const ids = createMailIds('a secret of sixteen', FROM)
const rules = {
  ...policy,
  people: { ...policy.people, lead: { email: 'Lead@acme.test' } },
  email: { allow: ['@friends.test', 'One@else.test'], authserv_id: 'mx.acme.test' },
}

let app: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  const mailIn = { ids, from: FROM, secret }
  app = await open({ policy: rules, mailIn, humanWebhookSecrets: [secret] }, afterAll)
})
beforeEach(() => app.mark())

let count = 0
/** A mail from lead, unless its headers say otherwise. */
const mail = (text: string, headers: Record<string, string> = {}): string => {
  count += 1
  const all = {
    From: 'Lead Person <lead@acme.test>',
    To: FROM,
    Subject: 'Please',
    'Message-ID': `<m${count}@mail.test>`,
    'Content-Type': 'text/plain; charset=utf-8',
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) => (value === '' ? [] : [`${name}: ${value}`]))
  return `${lines.join('\r\n')}\r\n\r\n${text}\r\n`
}

const post = async (body: string | Buffer, type = 'message/rfc822', more: Record<string, string> = {}) => {
  const headers = { 'content-type': type, ...signatureOf(secret, body.toString()), ...more }
  return app.call('/webhooks/email', { method: 'POST', headers, body: body as string })
}

const reply = (id: string, seq: number, headers: Record<string, string> = {}) => ({
  'In-Reply-To': ids.mint({ thread_id: id, seq }, 'x'),
  ...headers,
})
const eventsOf = async (id: string) => (await app.store.log.load(id)).events
const last = async (id: string) => (await eventsOf(id)).at(-1)
const nothing = { deliveries: 0, threads: 0 }

describe('a new mail', () => {
  test('launches a thread that answers by mail, in that conversation', async () => {
    const headers = { Subject: 'Deploy backend', 'Message-ID': '<first@mail.test>', References: '<zero@mail.test>' }
    const answer = await post(mail('v1.2.3 to production, please\n\n-- \nLead', headers))
    expect(answer).toMatchObject({ status: 200, body: { ok: true } })
    const [launched, said] = await app.newest()
    expect(said).toMatchObject({
      type: 'message',
      data: { message: 'Deploy backend\n\nv1.2.3 to production, please' },
      actor: { kind: 'caller', id: 'lead@acme.test', via: 'email' },
    })
    const email = { to: 'lead@acme.test', subject: 'Deploy backend', in_reply_to: '<first@mail.test>' }
    expect(launched?.data).toMatchObject({ reply_to: { email: { ...email, references: ['<zero@mail.test>'] } } })
  })

  test('is taken once, however often and by whatever way it comes', async () => {
    const sent = mail('deploy backend', { 'Message-ID': '<twice@mail.test>' })
    await post(sent)
    await post(`Received: from elsewhere\r\n${sent}`)
    await post(JSON.stringify({ raw: Buffer.from(sent).toString('base64') }), 'application/json')
    await Promise.all([post(sent), post(sent), post(sent)])
    expect(await app.rows()).toEqual({ deliveries: 1, threads: 1 })
  })

  test('answers go to whoever it is from, not to where it would have them sent', async () => {
    await post(mail('deploy backend', { 'Reply-To': 'spy@evil.test' }))
    expect(JSON.stringify(await app.newest())).not.toContain('evil.test')
  })

  test.each(['someone@friends.test', 'ONE@else.test'])('from %s, whom the rules allow, is heard', async (from) => {
    await post(mail('what is live?', { From: from }))
    expect((await app.newest())[1]?.actor).toMatchObject({ kind: 'caller', id: from.toLowerCase() })
  })
})

describe('a mail that is not heard', () => {
  test.each<[string, Record<string, string>]>([
    ['from a stranger', { From: 'stranger@evil.test' }],
    ['from a domain that only ends alike', { From: 'x@notfriends.test' }],
    ['whose display name is the address of a person', { From: '"lead@acme.test" <x@evil.test>' }],
    ['from several at once', { From: 'lead@acme.test, x@evil.test' }],
    ['from nobody', { From: '' }],
    ['from ourselves', { From: FROM }],
    ['from a mailer daemon', { From: 'MAILER-DAEMON@friends.test' }],
    ['with an empty return path', { 'Return-Path': '<>' }],
    ['that was submitted by itself', { 'Auto-Submitted': 'auto-replied' }],
    ['of a list', { Precedence: 'list' }],
    ['in bulk', { Precedence: 'Bulk' }],
    ['that wants no answer by a machine', { 'X-Auto-Response-Suppress': 'All' }],
    ['that is a report', { 'Content-Type': 'multipart/report; boundary=x' }],
    ['of somebody who is away', { Subject: 'Automatic reply: [deploybot] approve' }],
    ['of somebody who is away in German', { Subject: 'Abwesenheitsnotiz: bis Montag' }],
    [
      'that bears a name of ours',
      { 'Message-ID': ids.mint({ thread_id: '01890a5d-ac96-774b-bcce-b302099a8057', seq: 1 }, 'x') },
    ],
  ])('%s leaves a line in the log, and no row', async (_, headers) => {
    const answer = await post(mail('deploy backend v1.2.3 to production', headers))
    expect(answer).toMatchObject({ status: 200, body: { ok: true, ignored: expect.any(String) } })
    expect(await app.rows()).toEqual(nothing)
    expect(app.lines).toContainEqual(expect.objectContaining({ msg: 'mail refused', reason: expect.any(String) }))
    expect(JSON.stringify(app.lines)).not.toContain('v1.2.3')
  })

  test('two headers From are none', async () => {
    await post(`From: stranger@evil.test\r\n${mail('deploy backend')}`)
    await post(mail('deploy backend', { Sender: 'x' }).replace('\r\nTo:', '\r\nFrom: x@evil.test\r\nTo:'))
    expect(await app.rows()).toEqual(nothing)
  })
})

describe('a reply', () => {
  test('to a question in words is its answer', async () => {
    const { id, seq } = await arranged(app.store, asking())
    const quoted = 'the newest one\n\nOn Wed, Nov 25, 2026 at 2:02 PM Deploybot <bot@acme.test> wrote:\n> Which tag?'
    await post(mail(quoted, reply(id, seq)))
    expect(await last(id)).toMatchObject({
      type: 'human_response',
      data: { to: seq, response: 'the newest one' },
      actor: { kind: 'caller', id: 'lead@acme.test', via: 'email' },
    })
  })

  test('that names one of the choices chooses it', async () => {
    const { id, seq } = await arranged(app.store, asking(['Deploy v1', 'Wait']))
    await post(mail('deploy V1.', reply(id, seq)))
    expect(await last(id)).toMatchObject({ type: 'human_response', data: { to: seq, choice: 'Deploy v1' } })
  })

  test('is found by its references where a program drops what it replies to', async () => {
    const { id, seq } = await arranged(app.store, asking())
    const References = `<old@mail.test> ${ids.mint({ thread_id: id, seq: 0 }, 'root')} ${ids.mint({ thread_id: id, seq }, 'x')}`
    await post(mail('v1', { References }))
    expect((await last(id))?.type).toBe('human_response')
  })

  test.each(['yes', 'approve', 'approved', 'true', 'LGTM, ship it'])(
    'of %j approves nothing: it is words',
    async (words) => {
      const { id, seq } = await arranged(app.store, approving)
      await post(mail(words, reply(id, seq)))
      const types = (await eventsOf(id)).map(({ type }) => type)
      expect(types).not.toContain('approval_given')
      expect(await last(id)).toMatchObject({ type: 'message', data: { message: words } })
    },
  )

  test('never settles what became of a dispatch', async () => {
    const { id, seq } = await lost(app.store)
    const vouched = { 'Authentication-Results': 'mx.acme.test; dmarc=pass header.from=acme.test' }
    await post(mail('stop here', reply(id, seq, vouched)))
    expect((await eventsOf(id)).map(({ type }) => type)).not.toContain('human_response')
    expect((await last(id))?.type).toBe('message')
  })

  test('to a question that is closed is words', async () => {
    const { id, seq } = await arranged(app.store, asking())
    await post(mail('v1', reply(id, seq)))
    await post(mail('no, v2', reply(id, seq)))
    expect(await last(id)).toMatchObject({ type: 'message', data: { message: 'no, v2' } })
  })

  test('is taken once', async () => {
    const { id, seq } = await arranged(app.store, approving)
    const sent = mail('wait', reply(id, seq))
    const before = (await eventsOf(id)).length
    await Promise.all([post(sent), post(sent), post(sent)])
    await post(sent)
    expect(await eventsOf(id)).toHaveLength(before + 2)
  })

  test('to a thread that is over is refused without a row', async () => {
    const { id, seq } = await arranged(app.store, [...asking(), { type: 'cancel', actor: { kind: 'code' } }])
    await app.mark()
    const answer = await post(mail('v1', reply(id, seq)))
    expect(answer.body).toEqual({ ok: true, ignored: 'thread_ended' })
    expect(await app.rows()).toEqual(nothing)
  })

  test.each<[string, (name: string) => string]>([
    ['made up', (name) => name.replace(/[0-9a-f]{32}@/, `${'0'.repeat(32)}@`)],
    ['of another question', (name) => name.replace(/\.\d+\./, '.1.')],
    ['of another domain', (name) => name.replace('acme.test', 'evil.test')],
  ])('to a name that is %s reaches no thread', async (_, change) => {
    const { id, seq } = await arranged(app.store, asking())
    const before = await eventsOf(id)
    await post(mail('v1', { 'In-Reply-To': change(ids.mint({ thread_id: id, seq }, 'x')) }))
    expect(await eventsOf(id)).toEqual(before)
  })

  test('by a stranger who knows its name is not heard', async () => {
    const { id, seq } = await arranged(app.store, asking())
    const before = await eventsOf(id)
    await post(mail('v1', reply(id, seq, { From: 'x@evil.test' })))
    expect(await eventsOf(id)).toEqual(before)
  })
})

describe('the sender', () => {
  const results = (more: string) => ({ 'Authentication-Results': `mx.acme.test; ${more}` })
  const pass = 'dmarc=pass (p=REJECT) header.from=acme.test'
  const actor = async (headers: Record<string, string>, before = '') => {
    await post(`${before}${mail('what is live?', headers)}`)
    return (await app.newest())[1]?.actor
  }

  test('whom the mail server vouches for is that person', async () =>
    expect(await actor(results(`spf=pass smtp.mailfrom=acme.test; dkim=pass; ${pass}`))).toEqual({
      kind: 'person',
      id: 'lead',
      via: 'email',
    }))

  test.each<[string, Record<string, string>]>([
    ['nobody vouches for', {}],
    ['whose domain does not agree', results('dmarc=fail header.from=acme.test')],
    ['of another domain', results('dmarc=pass header.from=evil.test')],
    ['without a domain', results('dmarc=pass')],
    ['vouched for in a comment', results('spf=fail (; dmarc=pass header.from=acme.test)')],
    ['vouched for in nested comments', results('spf=fail (a (; dmarc=pass header.from=acme.test) b)')],
    ['vouched for in quotes', results('spf=fail smtp.mailfrom="; dmarc=pass header.from=acme.test"')],
    ['vouched for and not', results(`dmarc=fail header.from=acme.test; ${pass}`)],
    ['vouched for and then not', results(`${pass}; dmarc=fail header.from=acme.test`)],
    ['vouched for by another server', { 'Authentication-Results': `mx.evil.test; ${pass}` }],
    ['vouched for by a server that is called alike', { 'Authentication-Results': `mx.acme.test.evil.test; ${pass}` }],
  ])('%s is a caller, whoever they say they are', async (_, headers) =>
    expect(await actor(headers)).toMatchObject({ kind: 'caller', id: 'lead@acme.test' }),
  )

  test('is judged by the uppermost result of our server: those below came with the mail', async () => {
    const ours = 'Authentication-Results: mx.acme.test; dmarc=fail header.from=acme.test\r\n'
    expect(await actor(results(pass), ours)).toMatchObject({ kind: 'caller' })
  })
})

describe('hostile bytes', () => {
  test('in subject and words add nothing but words', async () => {
    const Subject = '=?utf-8?q?a=0D=0ABcc=3A_x=40evil.test=00_=E2=80=AEtxet?='
    await post(mail('<script>alert(1)</script>\u202e \u0000 \ud83d\ude00', { Subject }))
    const [launched] = await app.newest()
    const text = JSON.stringify(launched?.data)
    expect(text).not.toMatch(/[\p{Bidi_Control}]|\\u0000|\\r|\\n/u)
  })

  test('of references without end are read in a moment', async () => {
    const began = performance.now()
    await post(
      mail('hello', { References: '<a@b.test> '.repeat(40_000), 'Authentication-Results': '('.repeat(100_000) }),
    )
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test('in another encoding than UTF-8 are checked as they were signed', async () => {
    const { createHmac } = await import('node:crypto')
    const bytes = Buffer.from(mail('caf\u00e9', { 'Content-Type': 'text/plain; charset=iso-8859-1' }), 'latin1')
    const stamp = String(Math.floor(Date.now() / 1000))
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
    const signature = createHmac('sha256', key).update(`msg_l.${stamp}.`).update(bytes).digest('base64')
    const given = { 'webhook-id': 'msg_l', 'webhook-timestamp': stamp, 'webhook-signature': `v1,${signature}` }
    expect((await post(bytes, 'message/rfc822', given)).status).toBe(200)
    expect((await app.newest())[1]).toMatchObject({ data: { message: 'Please\n\ncaf\u00e9' } })
  })

  test('of a huge attachment are checked and not read: the words before it are heard', async () => {
    const attachment = `--b\r\nContent-Type: application/zip\r\nContent-Disposition: attachment\r\n\r\n${'A'.repeat(8_000_000)}\r\n--b--`
    const body = `--b\r\nContent-Type: text/plain\r\n\r\nsee the picture\r\n${attachment}`
    const sent = mail(body, { 'Content-Type': 'multipart/mixed; boundary=b' })
    expect((await post(sent)).body).toEqual({ ok: true })
    expect((await app.newest())[1]).toMatchObject({ data: { message: 'Please\n\nsee the picture' } })
    expect((await post(`${sent}x`, 'message/rfc822', { 'webhook-signature': 'v1,AAAA' })).status).toBe(401)
    const json = JSON.stringify({ raw: Buffer.from(sent).toString('base64') })
    expect((await post(json, 'application/json')).body.ignored).toMatch(/too long for JSON/)
  })

  test('of tens of thousands of parts are no mail, and are not sent again', async () => {
    const body = '--b\r\nContent-Type: text/plain\r\n\r\nx\r\n'.repeat(20_000)
    const answer = await post(mail(body, { 'Content-Type': 'multipart/mixed; boundary=b' }))
    expect(answer).toMatchObject({ status: 200, body: { ok: true, ignored: 'it cannot be read' } })
  })

  test('that are HTML only are heard, from whom we hear', async () => {
    await post(mail('<p>what is <b>live</b>?</p>', { 'Content-Type': 'text/html' }))
    expect((await app.newest())[1]).toMatchObject({ data: { message: 'Please\n\nwhat is live?' } })
  })

  test.each<[string, string, number]>([
    ['{"raw": 7}', 'application/json', 400],
    ['{"raw": "<not base64>"}', 'application/json', 400],
    ['not json', 'application/json', 400],
    ['hello', 'text/plain', 415],
    ['', 'message/rfc822', 200],
  ])('%j as %s is answered with its mistake', async (body, type, status) =>
    expect((await post(body, type)).status).toBe(status),
  )
})

describe('the signature', () => {
  test.each<[string, Record<string, string>]>([
    ['missing', { 'webhook-signature': '' }],
    [
      'of another secret',
      { 'webhook-signature': new Webhook(Buffer.from('another secret').toString('base64')).sign('a', new Date(), 'x') },
    ],
    ['of ten minutes ago', { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) - 600) }],
    ['of ten minutes ahead', { 'webhook-timestamp': String(Math.floor(Date.now() / 1000) + 600) }],
    ['with no number for its time', { 'webhook-timestamp': 'now' }],
    ['under another id', { 'webhook-id': 'other' }],
    ['of another version', { 'webhook-signature': 'v2,AAAA' }],
  ])('%s is refused', async (_, headers) => {
    expect(await post(mail('deploy backend'), 'message/rfc822', headers)).toMatchObject({ status: 401 })
    expect(await app.rows()).toEqual(nothing)
  })
})

test('a request without a body has no signature that could fit', async () =>
  expect(await app.call('/webhooks/email', { method: 'POST' })).toMatchObject({ status: 401 }))

describe('mail that comes by the HumanLayer form', () => {
  const human = (event: object) => {
    const body = JSON.stringify({ type: 'agent_email.received', event })
    return app.post('/webhooks/human', JSON.parse(body), signatureOf(secret, body))
  }
  const told = { from_address: 'lead@acme.test', to_address: 'bot@acme.test', subject: 'Please' }

  test('is heard like any other: by its own name once, and as the answer that it is', async () => {
    const { id, seq } = await arranged(app.store, asking())
    const raw_email = mail('v1', reply(id, seq))
    await human({ ...told, body: 'v1', message_id: '<x@y.test>', previous_thread: [], raw_email })
    expect(await last(id)).toMatchObject({ type: 'human_response', data: { response: 'v1' } })
    await app.mark()
    await post(raw_email)
    expect(await app.rows()).toEqual(nothing)
  })

  test('launches where the mail itself is not passed on, and strangers are not heard', async () => {
    const event = { ...told, body: 'what is live?', message_id: '<h@y.test>', raw_email: null }
    await human(event)
    await human(event)
    expect(await app.rows()).toEqual({ deliveries: 1, threads: 1 })
    await human({ ...event, from_address: 'x@evil.test', message_id: '<i@y.test>' })
    expect(await app.rows()).toEqual({ deliveries: 1, threads: 1 })
  })
})
