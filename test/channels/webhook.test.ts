import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { Webhook } from 'standardwebhooks'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createWebhookChannel } from '../../src/channels/webhook.ts'

const secret = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const notice = (webhook: string) => ({
  thread_id: 't1',
  seq: 4,
  reply_to: { webhook },
  waiting_for: { kind: 'human_input', question: 'Which tag?' },
  status: 'awaiting_human',
})

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
})
