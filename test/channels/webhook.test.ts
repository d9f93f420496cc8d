import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import type { Hosts, Notice } from '../../src/agent/ports.ts'
import { createWebhookChannel, signedHeaders } from '../../src/channels/webhook.ts'
import type { Asked } from '../../src/thread/contact/question.ts'
import { hangs, says, startHost, trickles } from '../support/host.ts'
import { noticeAt } from './notice.ts'

const whsec = (words: string): string => `whsec_${Buffer.from(words.padEnd(24, '.')).toString('base64')}`
const secret = whsec('a secret that is long enough')
const options = { urgency: 'medium' as const, format: 'free_text' as const, choices: [] }
const asks = { kind: 'human_input' as const, seq: 4, question: 'Which tag?', context: '', options, reason: 'model' }
const question: Asked = { seq: 4, asked: asks, open: true, news: [] }
const waiting = { kind: 'request', seq: 4, question, waiting_for: asks, status: 'awaiting_human' } as const
const notice = (webhook: string, more: Partial<Notice<{ webhook: string }>> = waiting) => noticeAt({ webhook }, more)

const PRIVATE = ['127.0.0.1', 'localhost']
const channel = (hosts?: Hosts) =>
  createWebhookChannel({
    secrets: [secret],
    publicUrl: 'https://bot.test',
    privateHosts: PRIVATE,
    ...(hosts ? { hosts } : {}),
  })

/** A program that takes notices: what it got, and how it answers. */
const listener = async (status = 200, headers: Record<string, string> = {}) => {
  const got: { body: string; headers: Record<string, string> }[] = []
  const server = createServer(async (request, response) => {
    got.push({ body: await text(request), headers: request.headers as Record<string, string> })
    response.writeHead(status, { location: '/elsewhere', ...headers }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const sent = () => got.map(({ body, headers: signed }) => ({ ...JSON.parse(body), id: signed['webhook-id'] }))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got, sent }
}

describe('telling another program', () => {
  test('is a POST that a Standard Webhooks library verifies', async () => {
    const { url, got } = await listener()
    expect(await channel().deliver(notice(url))).toEqual({ ok: true, ref: 't1-4-request' })
    const [sent] = got
    if (!sent) throw new Error('nothing came')
    expect(new Webhook(secret).verify(sent.body, sent.headers)).toMatchObject({
      type: 'thread.waiting',
      data: { thread_id: 't1', seq: 4, url: 'https://bot.test/threads/t1', waiting_for: { question: 'Which tag?' } },
    })
    expect(() => new Webhook(secret).verify(`${sent.body} `, sent.headers)).toThrow()
  })

  test('is signed by each secret while they are changed', async () => {
    const { url, got } = await listener()
    const secrets = [whsec('the new secret'), whsec('the old secret')]
    await createWebhookChannel({ secrets, publicUrl: '', privateHosts: PRIVATE }).deliver(notice(url))
    const [sent] = got
    if (!sent) throw new Error('nothing came')
    for (const known of secrets) expect(() => new Webhook(known).verify(sent.body, sent.headers)).not.toThrow()
    expect(() => new Webhook(secret).verify(sent.body, sent.headers)).toThrow()
  })

  // https://docs.svix.com/receiving/verifying-payloads/how-manual, and that of the libraries.
  test.each([
    [
      'whsec_plJ3nmyCDGBKInavdOK15jsl',
      'msg_loFOjxBNrRLzqYUf',
      1731705121,
      '{"event_type":"ping","data":{"success":true}}',
      'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    ],
    [
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      1614265330,
      '{"test": 2432232314}',
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    ],
  ])('by %s is signed as published', (key, id, seconds, body, signature) =>
    expect(signedHeaders([key, secret], id, new Date(seconds * 1000), body)).toMatchObject({
      'webhook-id': id,
      'webhook-timestamp': String(seconds),
      'webhook-signature': expect.stringMatching(`^${signature.replaceAll('+', '\\+')} v1,`),
    }),
  )

  test('carries the same id at every try, and another for another message', async () => {
    const { url, sent } = await listener(500)
    const kinds = ['request', 'request', 'reminder', 'update'] as const
    for (const kind of kinds) await channel().deliver(notice(url, { ...waiting, kind }))
    expect(sent().map(({ id }) => id)).toEqual(['t1-4-request', 't1-4-request', 't1-4-reminder', 't1-4-update'])
  })

  const end = { status: 'done' as const, message: 'It is live.' }
  const story = { title: 'deploy backend', results: [], approved_by: [], end }
  const news = [{ what: 'answered' as const, by: 'lead', via: 'slack', at: '2026-01-01T00:00:00.000Z', words: 'v1' }]
  const approval = {
    seq: 4,
    asked: { kind: 'approval', intent: 'deploy_backend' },
    open: false,
    news,
  } as unknown as Asked
  test.each<[string, Partial<Notice<{ webhook: string }>>]>([
    ['thread.started', { status: 'running' }],
    ['thread.updated', { status: 'awaiting_run', ref: 't1-1' }],
    ['thread.waiting', { ...waiting, kind: 'reminder', ref: 't1-4-request' }],
    ['thread.ended', { status: 'done', story, ref: 't1-1' }],
    ['question.closed', { kind: 'update', question: { ...question, open: false, news } }],
    ['approval.closed', { kind: 'update', question: approval, story }],
  ])('says by its type %s what it is about', async (type, more) => {
    const { url, sent } = await listener()
    await channel().deliver(notice(url, more))
    expect(sent()).toMatchObject([{ type, data: { thread_id: 't1', question: more.question ?? null } }])
  })
})

describe('what did not arrive', () => {
  test.each<[number, Record<string, string>, object]>([
    [500, {}, { retry_after_ms: 5_000 }],
    [404, {}, { retry_after_ms: 5_000, message: 'HTTP 404' }],
    [429, { 'retry-after': '120' }, { retry_after_ms: 120_000 }],
    [503, { 'retry-after': '1' }, { retry_after_ms: 5_000 }],
    [503, { 'retry-after': '99999999' }, { retry_after_ms: 86_400_000 }],
    [503, { 'retry-after': 'soon' }, { retry_after_ms: 5_000 }],
  ])('for HTTP %i %j may later', async (status, headers, later) => {
    const { url, got } = await listener(status, headers)
    expect(await channel().deliver(notice(url))).toMatchObject({ ok: false, ...later })
    expect(got).toHaveLength(1)
  })

  test('for a limit until some date may after it', async () => {
    const until = new Date(Date.now() + 600_000).toUTCString()
    const { url } = await listener(429, { 'retry-after': until })
    const { retry_after_ms = 0 } = await channel().deliver(notice(url))
    expect(retry_after_ms).toBeGreaterThan(590_000)
    expect(retry_after_ms).toBeLessThanOrEqual(600_000)
  })

  test.each([301, 302, 307, 410])('for HTTP %i never will, and is not sent elsewhere', async (status) => {
    const { url, got } = await listener(status)
    const told = await channel().deliver(notice(url))
    expect(told).toMatchObject({ ok: false, message: expect.stringContaining(`HTTP ${status}`) })
    expect(told).not.toHaveProperty('retry_after_ms')
    expect(got).toHaveLength(1)
  })

  test.each(['http://127.0.0.1:9/', 'https://nobody.invalid/'])('at %s, where nobody is, may later', async (url) =>
    expect(await channel().deliver(notice(url))).toMatchObject({ ok: false, retry_after_ms: 5_000 }),
  )

  test('for want of a secret never will', async () => {
    const { url, got } = await listener()
    const told = await createWebhookChannel({ secrets: [], publicUrl: '', privateHosts: PRIVATE }).deliver(notice(url))
    expect(told).toEqual({ ok: false, message: 'HUMAN_WEBHOOK_SECRET is not set' })
    expect(got).toEqual([])
  })
})

describe('nothing is sent', () => {
  test.each([
    'https://10.1.2.3/',
    'https://169.254.169.254/latest/meta-data/',
    'https://2852039166/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::1]/',
    'https://[fd12::1]/',
    'https://[64:ff9b::7f00:1]/',
    'https://0/',
    'https://localhost/',
    'http://example.com/',
    'https://user:password@example.com/',
    'file:///etc/passwd',
    'no url',
  ])('to %s', async (url) => {
    const strict = createWebhookChannel({ secrets: [secret], publicUrl: '' })
    const told = await strict.deliver(notice(url))
    expect(told).toMatchObject({ ok: false, message: expect.stringMatching(/nothing is sent|must|no URL/) })
    expect(told).not.toHaveProperty('retry_after_ms')
  })

  test('to the metadata service of a cloud, though its host is said to be private', async () => {
    const privateHosts = ['169.254.169.254', '[fd00:ec2::254]']
    const channel = createWebhookChannel({ secrets: [secret], publicUrl: '', privateHosts })
    for (const host of privateHosts) {
      expect(await channel.deliver(notice(`https://${host}/`))).toMatchObject({
        message: expect.stringContaining('nothing is sent'),
      })
    }
  })

  test('by a name that leads into a private network, unless that host is said to be there', async () => {
    const { got, url } = await listener()
    const byName = url.replace('127.0.0.1', 'localhost')
    const strict = createWebhookChannel({ secrets: [secret], publicUrl: '', privateHosts: ['other.internal'] })
    expect(await strict.deliver(notice(byName.replace('http:', 'https:')))).toMatchObject({
      message: 'localhost is in a network where nothing is sent',
    })
    expect(got).toEqual([])
    expect(await channel().deliver(notice(byName))).toMatchObject({ ok: true })
  })
})

describe('a program', () => {
  test('is not tried while it is down, and then again', async () => {
    let status = 503
    const { url, asked } = await startHost((request, response) => says(status)(request, response))
    const other = await startHost(says(200))
    const guarded = channel(createHosts())
    for (let i = 0; i < 5; i++) expect(await guarded.deliver(notice(url))).toMatchObject({ message: 'HTTP 503' })
    expect(await guarded.deliver(notice(url))).toMatchObject({
      ok: false,
      message: expect.stringContaining('is not answering'),
      retry_after_ms: 5_000,
    })
    expect(asked()).toBe(5)
    expect(await guarded.deliver(notice(other.url))).toMatchObject({ ok: true })
    status = 200
    await new Promise((resolve) => setTimeout(resolve, 1_010))
    expect(await guarded.deliver(notice(url))).toMatchObject({ ok: true })
  })

  test.each([404, 302])('that answers with %i is there', async (status) => {
    const { url, asked } = await startHost(says(status))
    const guarded = channel(createHosts())
    for (let i = 0; i < 7; i++) await guarded.deliver(notice(url))
    expect(asked()).toBe(7)
  })

  test('that hangs is waited for no longer than the deadline', async () => {
    const { url } = await startHost(hangs)
    const impatient = createWebhookChannel({ secrets: [secret], publicUrl: '', privateHosts: PRIVATE, deadlineMs: 50 })
    expect(await impatient.deliver(notice(url))).toMatchObject({
      ok: false,
      message: 'no answer within 0.05 s',
      retry_after_ms: 5_000,
    })
  })

  test('that trickles its answer has been told', async () => {
    const { url } = await startHost(trickles)
    expect(await channel().deliver(notice(url))).toMatchObject({ ok: true })
  })
})
