import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import { createWebhookChannel } from '../../src/channels/webhook.ts'
import { hangs, says, startHost, trickles } from '../support/host.ts'
import { noticeAt } from './notice.ts'

const secret = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const options = { urgency: 'medium' as const, format: 'free_text' as const, choices: [] }
const asks = { kind: 'human_input' as const, seq: 4, question: 'Which tag?', context: '', options, reason: 'model' }
const notice = (webhook: string) => noticeAt({ webhook }, { seq: 4, waiting_for: asks, status: 'awaiting_human' })

/** A program that takes notices: what it got, and the status that it answers with. */
const listener = async (status = 200) => {
  const got: { body: string; headers: Record<string, string> }[] = []
  const server = createServer(async (request, response) => {
    got.push({ body: await text(request), headers: request.headers as Record<string, string> })
    response.writeHead(status, { location: '/elsewhere' }).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, got }
}

describe('telling another program', () => {
  test('is a POST that a Standard Webhooks library verifies', async () => {
    const { url, got } = await listener()
    expect(await createWebhookChannel(secret).deliver(notice(url))).toEqual({ ok: true })
    const [sent] = got
    if (!sent) throw new Error('nothing came')
    expect(new Webhook(secret).verify(sent.body, sent.headers)).toMatchObject({
      type: 'thread.waiting',
      data: { thread_id: 't1', seq: 4, waiting_for: { question: 'Which tag?' } },
    })
    expect(() => new Webhook(secret).verify(`${sent.body} `, sent.headers)).toThrow()
  })

  test.each([500, 302])('answered with %i, did not arrive', async (status) => {
    const { url, got } = await listener(status)
    expect(await createWebhookChannel(secret).deliver(notice(url))).toMatchObject({ ok: false })
    expect(got).toHaveLength(1)
  })

  test('at an address where nobody listens, did not arrive', async () =>
    expect(await createWebhookChannel(secret).deliver(notice('http://127.0.0.1:9/'))).toMatchObject({ ok: false }))

  test('without a secret, sends nothing', async () => {
    const { url, got } = await listener()
    expect(await createWebhookChannel(null).deliver(notice(url))).toMatchObject({ ok: false })
    expect(got).toEqual([])
  })

  test('is not tried while that program is down, and then again', async () => {
    let status = 503
    const { url, asked } = await startHost((request, response) => says(status)(request, response))
    const other = await startHost(says(200))
    const channel = createWebhookChannel(secret, createHosts())
    for (let i = 0; i < 5; i++) expect(await channel.deliver(notice(url))).toEqual({ ok: false, message: 'HTTP 503' })
    expect(await channel.deliver(notice(url))).toMatchObject({
      ok: false,
      message: expect.stringContaining('is not answering'),
    })
    expect(asked()).toBe(5)
    expect(await channel.deliver(notice(other.url))).toEqual({ ok: true })
    status = 200
    await new Promise((resolve) => setTimeout(resolve, 1_010))
    expect(await channel.deliver(notice(url))).toEqual({ ok: true })
  })

  test.each([404, 302])('that answers with %i is there', async (status) => {
    const { url, asked } = await startHost(says(status))
    const channel = createWebhookChannel(secret, createHosts())
    for (let i = 0; i < 7; i++) await channel.deliver(notice(url))
    expect(asked()).toBe(7)
  })

  test('that hangs is waited for no longer than five seconds', { timeout: 8_000 }, async () => {
    const { url } = await startHost(hangs)
    const began = performance.now()
    expect(await createWebhookChannel(secret).deliver(notice(url))).toMatchObject({ ok: false })
    expect(performance.now() - began).toBeLessThan(6_000)
  })

  test('that trickles its answer has been told', async () => {
    const { url } = await startHost(trickles)
    expect(await createWebhookChannel(secret).deliver(notice(url))).toEqual({ ok: true })
  })
})
