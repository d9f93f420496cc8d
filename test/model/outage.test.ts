import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { hangs, says, startHost, trickles } from '../support/host.ts'
import { prompt } from './support.ts'

const modelAt = (baseUrl: string): Model =>
  createModel({ provider: 'openai-generic', model: 'm', apiKey: 'k', baseUrl, timeoutMs: 200, hosts: createHosts() })

test.each([
  ['is down', says(503), 'model_unavailable'],
  ['hangs', hangs, 'model_timeout'],
  ['trickles for ever', trickles, 'model_timeout'],
])('a provider that %s five times is left alone', async (_, listener, code) => {
  const { url, asked } = await startHost(listener)
  const model = modelAt(url)
  for (let i = 0; i < 5; i++) expect(await model.next(prompt)).toMatchObject({ ok: false, code })
  const answer = await model.next(prompt)
  expect(answer).toMatchObject({ ok: false, code: 'model_unavailable', retry_after_ms: expect.any(Number) })
  expect(asked()).toBe(5)
  await sleep('retry_after_ms' in answer ? answer.retry_after_ms : 0)
  expect(await model.next(prompt)).toMatchObject({ code })
  expect(asked()).toBe(6)
})

test.each([
  ['asks for fewer calls', says(429)],
  ['refuses the key', says(401)],
  ['answers in riddles', says(200, ['?'])],
])('a provider that %s is there', async (_, listener) => {
  const { url, asked } = await startHost(listener)
  const model = modelAt(url)
  for (let i = 0; i < 7; i++) await model.next(prompt)
  expect(asked()).toBe(7)
})

test('calls that we gave up say nothing of the provider', async () => {
  const { url } = await startHost(hangs)
  const model = modelAt(url)
  for (let i = 0; i < 7; i++) {
    expect(await model.next(prompt, AbortSignal.timeout(20))).toMatchObject({ code: 'model_aborted' })
  }
})
