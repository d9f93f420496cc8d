import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import type { Notice } from '../../src/agent/ports.ts'
import { createHumanLayerChannel } from '../../src/channels/humanlayer.ts'
import type { HumanLayerAddress } from '../../src/thread/contact/address.ts'
import type { Asked } from '../../src/thread/contact/question.ts'
import { hangs, says, startHost } from '../support/host.ts'
import { facts } from '../thread/spec.ts'
import { noticeAt } from './notice.ts'

type ToService = Notice<{ humanlayer: HumanLayerAddress }>

const options = { urgency: 'medium' as const, format: 'multiple_choice' as const, choices: ['v1', 'v2'] }
const asks = { kind: 'human_input' as const, seq: 4, question: 'Which tag?', context: '', options, reason: 'model' }
const question: Asked = { seq: 4, asked: asks, open: true, news: [] }
const approval = {
  kind: 'approval',
  seq: 6,
  intent: 'deploy_backend',
  ...facts(),
  approvers: ['lead'],
  approved_by: [],
  expires_at: '2026-11-25T12:00:00.000Z',
  args: {},
} as unknown as Asked['asked']
const notice = (more: Partial<ToService> = {}, channel?: HumanLayerAddress['channel']) =>
  noticeAt({ humanlayer: channel === undefined ? {} : { channel } }, { kind: 'request', ...more })

/** A service that takes calls: what came, and how it answers. */
const service = async (status = 200) => {
  const got: { path: string | undefined; key: string | undefined; body: Record<string, unknown> }[] = []
  const { url } = await startHost(async (request, response) => {
    const { url: path, headers } = request
    got.push({ path, key: headers.authorization, body: JSON.parse(await text(request)) })
    says(status)(request, response)
  })
  const options = { apiBase: `${url}/humanlayer/v1`, apiKey: 'hl-key-of-tests', publicUrl: 'https://bot.test' }
  return { channel: createHumanLayerChannel(options), got }
}

describe('a service that asks people for us', () => {
  test('only tells them where a yes is to be given on the page: none that it brings would count', async () => {
    const { channel, got } = await service()
    const asked = { ...approval, fresh_sign_in_seconds: 900 } as Asked['asked']
    await channel.deliver(notice({ seq: 7, question: { seq: 6, asked, open: true, news: [] } }))
    expect(got).toMatchObject([{ path: '/humanlayer/v1/contact_requests' }])
    expect(got[0]?.body).toMatchObject({ spec: { msg: expect.stringContaining('Page: https://bot.test/threads/t1') } })
    expect(JSON.stringify(got)).not.toContain('state')
  })

  test('is called for an approval, with the facts that it binds to and where the answer belongs', async () => {
    const { channel, got } = await service()
    const slack = { slack: { channel_or_user_id: 'C1' } }
    const about = notice({ seq: 7, question: { seq: 6, asked: approval, open: true, news: [] } }, slack)
    expect(await channel.deliver(about)).toEqual({ ok: true, ref: 't1-6' })
    expect(got).toMatchObject([
      {
        path: '/humanlayer/v1/function_calls',
        key: 'Bearer hl-key-of-tests',
        body: {
          run_id: 't1',
          call_id: 't1-6',
          spec: {
            fn: 'deploy_backend',
            kwargs: { service: 'backend', environment: 'production', tag: 'v1.2.3', sha: 'a'.repeat(40) },
            channel: slack,
            state: { thread_id: 't1', seq: 6 },
          },
        },
      },
    ])
  })

  test('is called for a question, with its choices', async () => {
    const { channel, got } = await service(201)
    expect(await channel.deliver(notice({ seq: 4, question }))).toEqual({ ok: true, ref: 't1-4' })
    expect(got[0]).toMatchObject({
      path: '/humanlayer/v1/contact_requests',
      body: {
        call_id: 't1-4',
        spec: {
          msg: expect.stringContaining('Which tag?'),
          subject: 'deploy backend',
          response_options: [{ name: 'v1' }, { name: 'v2' }],
          state: { thread_id: 't1', seq: 4 },
        },
      },
    })
    expect(got[0]?.body['spec']).not.toHaveProperty('channel')
  })

  test('tells the end, which nobody has to answer', async () => {
    const { channel, got } = await service()
    const end = { status: 'done' as const, message: 'It is live.' }
    const story = { title: 'deploy backend', results: [], approved_by: [], end }
    expect(await channel.deliver(notice({ kind: 'notice', seq: 9, status: 'done', story }))).toMatchObject({ ok: true })
    expect(got[0]).toMatchObject({ path: '/humanlayer/v1/contact_requests', body: { call_id: 't1-9-notice' } })
    expect(got[0]?.body['spec']).toMatchObject({ msg: expect.stringContaining('It is live.') })
    expect(got[0]?.body['spec']).not.toHaveProperty('state')
  })

  test.each<[number, object]>([
    [409, { ok: true }],
    [500, { ok: false, message: 'HTTP 500', retry_after_ms: 5_000 }],
    [401, { ok: false, message: 'HTTP 401', retry_after_ms: 5_000 }],
    [302, { ok: false }],
  ])('that answers %i is heard', async (status, outcome) => {
    const { channel } = await service(status)
    expect(await channel.deliver(notice({ seq: 4, question }))).toMatchObject(outcome)
  })

  test('that hangs is called again later, and after some failures left alone for a while', async () => {
    const { url, asked } = await startHost(hangs)
    const settings = { apiBase: url, apiKey: 'k', publicUrl: '', deadlineMs: 50 }
    const channel = createHumanLayerChannel({ ...settings, hosts: createHosts() })
    const all = await Promise.all(Array.from({ length: 5 }, () => channel.deliver(notice({ seq: 4, question }))))
    for (const told of all)
      expect(told).toMatchObject({ ok: false, message: 'no answer within 0.05 s', retry_after_ms: 5_000 })
    const left = await channel.deliver(notice({ seq: 4, question }))
    expect(left).toMatchObject({ ok: false, message: expect.stringContaining('was not tried') })
    expect(asked()).toBe(5)
  })
})
