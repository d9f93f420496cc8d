import { getEventListeners } from 'node:events'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/model/server.ts'
import { eventually } from '../support/eventually.ts'
import { outcome, prompt, STEP, startProvider } from './support.ts'

const KEY = 'sk-not-a-real-key-0123456789'
let sandbox: SandboxModel
let model: Model
let impatient: Model
beforeAll(async () => {
  sandbox = await startSandboxModel()
  const settings = { provider: 'openai-generic', model: 'm', apiKey: KEY, baseUrl: sandbox.url }
  model = createModel(settings)
  impatient = createModel({ ...settings, timeoutMs: 500 })
})
afterAll(() => sandbox.close())

const error = (code: string) => JSON.stringify({ error: { code, message: `key ${KEY}; prompt ${prompt.thread}` } })

test.each([
  [400, {}, 'context_length_exceeded', 'model_refused_request', undefined],
  [401, {}, 'invalid_api_key', 'model_refused_key', undefined],
  [403, {}, 'forbidden', 'model_refused_key', undefined],
  [404, {}, 'model_not_found', 'model_refused_request', undefined],
  [429, {}, 'rate_limit_exceeded', 'model_rate_limited', 1_000],
  [429, { 'retry-after': '7' }, 'rate_limit_exceeded', 'model_rate_limited', 7_000],
  [429, { 'retry-after-ms': '2500', 'retry-after': '3' }, 'rate_limit_exceeded', 'model_rate_limited', 2_500],
  [429, { 'retry-after': '0' }, 'rate_limit_exceeded', 'model_rate_limited', 1_000],
  [429, { 'retry-after': 'soon' }, 'rate_limit_exceeded', 'model_rate_limited', 1_000],
  [429, { 'retry-after': '999999999' }, 'rate_limit_exceeded', 'model_rate_limited', 600_000],
  [500, {}, 'server_error', 'model_unavailable', 1_000],
  [503, { 'retry-after': '3' }, 'overloaded', 'model_unavailable', 3_000],
  [529, {}, 'overloaded_error', 'model_unavailable', 1_000],
  [302, { location: 'http://127.0.0.1:9/' }, 'moved', 'model_refused_request', undefined],
])('HTTP %i with %o and %s is %s', async (status, headers, name, code, retry) => {
  sandbox.queue({ status, headers, body: error(name) })
  const answer = await model.next(prompt)
  expect(answer).toMatchObject({ ok: false, code })
  expect(answer).toHaveProperty('message', expect.stringContaining(`HTTP ${status} ${name}`))
  expect('retry_after_ms' in answer ? answer.retry_after_ms : undefined).toBe(retry)
})

test('Retry-After may be a date', async () => {
  sandbox.queue({ status: 429, headers: { 'retry-after': new Date(Date.now() + 30_000).toUTCString() } })
  const answer = await model.next(prompt)
  expect('retry_after_ms' in answer && answer.retry_after_ms).toBeGreaterThan(25_000)
})

test.each([
  ['an answer that never comes', { fault: 'silent' as const }],
  ['an answer that comes too late', { delay_ms: 2_000, content: '{}' }],
])('%s', async (_, queued) => {
  sandbox.queue(queued)
  expect(await impatient.next(prompt)).toMatchObject({ ok: false, code: 'model_timeout', retry_after_ms: 1_000 })
})

test.each([
  ['a connection cut in the middle', { fault: 'cut' as const, content: 'x' }, 'model_unavailable', 1_000],
  ['half a JSON body', { body: '{"choices":[{"finish_reason":"stop","mess' }, 'model_unreadable', undefined],
  ['a web page', { body: '<html>captive portal</html>' }, 'model_unreadable', undefined],
  ['an empty body', { body: '' }, 'model_unreadable', undefined],
  ['another JSON', { body: '[1,2]' }, 'model_unreadable', undefined],
  ['10 MB', { body: JSON.stringify({ pad: 'x'.repeat(10 * 1024 * 1024) }) }, 'model_unreadable', undefined],
])('%s', async (_, queued, code, retry) => {
  sandbox.queue(queued)
  const answer = await model.next(prompt)
  expect(answer).toMatchObject({ ok: false, code })
  expect('retry_after_ms' in answer ? answer.retry_after_ms : undefined).toBe(retry)
})

test('10 MB are not read to their end', async () => {
  let sent = 0
  const provider = await startProvider((response) => {
    const more = () => {
      while (!response.destroyed && sent < 200 * 1024 * 1024 && response.write('x'.repeat(64 * 1024))) sent += 64 * 1024
    }
    response.writeHead(200, { 'content-type': 'application/json' }).on('drain', more)
    more()
  })
  const big = createModel({ provider: 'openai-generic', model: 'm', baseUrl: `${provider.url}/v1` })
  expect(outcome(await big.next(prompt))).toBe('model_unreadable')
  await provider.close()
  expect(sent).toBeLessThan(50 * 1024 * 1024)
})

test('nobody at the address', async () => {
  const provider = await startProvider(() => {})
  await provider.close()
  const gone = createModel({ provider: 'openai-generic', model: 'm', baseUrl: `${provider.url}/v1` })
  const answer = await gone.next(prompt)
  expect(answer).toMatchObject({ ok: false, code: 'model_unavailable', retry_after_ms: 1_000 })
  expect(answer).toHaveProperty('message', expect.stringContaining('ECONNREFUSED'))
})

test('whoever asked may give up, before and while', async () => {
  const controller = new AbortController()
  sandbox.queue({ fault: 'silent' })
  const before = sandbox.requests().length
  const asked = model.next(prompt, controller.signal)
  await eventually(() => sandbox.requests().length > before)
  controller.abort()
  expect(outcome(await asked)).toBe('model_aborted')
  expect(getEventListeners(controller.signal, 'abort')).toEqual([])
  expect(outcome(await model.next(prompt, controller.signal))).toBe('model_aborted')
})

test('a redirect is not followed with the key', async () => {
  const other = await startProvider((response) => response.end('{}'))
  sandbox.queue({ status: 307, headers: { location: `${other.url}/v1/chat/completions` }, body: '{}' })
  expect(outcome(await model.next(prompt))).toBe('model_refused_request')
  expect(other.seen).toEqual([])
  await other.close()
})

test('no failure tells the key or the prompt, and none is long', async () => {
  const bodies = [error('server_error'), error(KEY), JSON.stringify({ error: { type: prompt.thread } })]
  for (const body of bodies) {
    sandbox.queue({ status: 500, body })
    const said = JSON.stringify(await model.next(prompt))
    expect(said).not.toMatch(/sk-not|SECRET WORDS/)
    expect(said.length).toBeLessThan(500)
  }
  sandbox.queue({ content: JSON.stringify({ intent: 'SECRET WORDS'.repeat(1000) }) })
  expect(JSON.stringify(await model.next(prompt))).not.toContain('SECRET WORDS')
})

test('what BAML itself refuses is an answer too, without its words', async () => {
  const answer = await model.next({ ...prompt, setup: { 'SECRET WORDS': 1 } as never })
  expect(answer).toMatchObject({ ok: false, code: 'model_failed', message: 'the model call failed unexpectedly' })
})

test('a failed call says what it cost, as far as that is known', async () => {
  sandbox.queue({ content: JSON.stringify(STEP), finish_reason: 'length' })
  const { call } = await model.next(prompt)
  expect(call).toMatchObject({
    model: 'sandbox-planner',
    prompt_hash: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
  })
  expect(call.input_tokens).toBeGreaterThan(500)
  expect(call.output_tokens).toBeGreaterThan(5)
  sandbox.queue({ status: 500 })
  const failed = await model.next(prompt)
  const none = { input_tokens: 0, output_tokens: 0, finish: null, cost: null }
  expect(failed.call).toEqual({ ...call, ...none, model: 'm', ms: failed.call.ms })
})
