import { afterEach, expect, test, vi } from 'vitest'
import type { Prompt } from '../../src/agent/ports.ts'
import type { ModelSettings } from '../../src/model/ask.ts'
import { createModel } from '../../src/model/model.ts'
import { json, outcome, type Provider, prompt, STEP, startProvider } from './support.ts'

const KEY = 'k-123'
const text = JSON.stringify(STEP)
let provider: Provider | undefined
afterEach(async () => {
  await provider?.close()
  vi.unstubAllEnvs()
})

const ask = async (settings: Partial<ModelSettings> & { provider: string }, body: unknown, asked: Prompt = prompt) => {
  provider = await startProvider((response) => json(response, body))
  const model = createModel({
    model: 'm-1',
    apiKey: KEY,
    ...settings,
    baseUrl: provider.url + (settings.baseUrl ?? ''),
  })
  const answer = await model.next(asked)
  const [request] = provider.seen
  if (!request) throw new Error('the provider was not asked')
  return { answer, request }
}

const chat = {
  model: 'm-1-2026',
  choices: [{ finish_reason: 'stop', message: { role: 'assistant', content: text } }],
  usage: { prompt_tokens: 11, completion_tokens: 7 },
}
const call = { model: 'm-1-2026', input_tokens: 11, output_tokens: 7 }

test.each([
  ['openai', 'max_completion_tokens'],
  ['openai-generic', 'max_tokens'],
  ['openrouter', 'max_tokens'],
  ['ollama', 'max_tokens'],
])('%s: /chat/completions with a bearer key', async (name, limit) => {
  const { answer, request } = await ask({ provider: name, baseUrl: '/v1', maxTokens: 99 }, chat)
  expect(answer).toMatchObject({ ok: true, step: STEP, call })
  expect(request).toMatchObject({ method: 'POST', path: '/v1/chat/completions' })
  expect(request.headers).toMatchObject({ authorization: `Bearer ${KEY}`, 'content-type': 'application/json' })
  expect(request.body).toMatchObject({ model: 'm-1', [limit]: 99, messages: [{ role: 'system' }, { role: 'user' }] })
  expect(Object.keys(request.headers).filter((header) => header.startsWith('baml'))).toEqual([])
})

test('azure-openai: a deployment, an api-key and an API version', async () => {
  const baseUrl = '/openai/deployments/d'
  const { answer, request } = await ask({ provider: 'azure-openai', baseUrl }, chat)
  expect(outcome(answer)).toEqual(STEP)
  expect(request.path).toBe('/openai/deployments/d/chat/completions?api-version=2024-10-21')
  expect(request.headers).toMatchObject({ 'api-key': KEY })
})

test('openai-responses: /responses', async () => {
  const body = {
    model: 'm-1-2026',
    status: 'completed',
    output: [
      { type: 'reasoning', summary: [] },
      { type: 'message', content: [{ type: 'output_text', text }] },
    ],
    usage: { input_tokens: 11, output_tokens: 7 },
  }
  const { answer, request } = await ask({ provider: 'openai-responses', baseUrl: '/v1', maxTokens: 99 }, body)
  expect(answer).toMatchObject({ ok: true, step: STEP, call })
  expect(request).toMatchObject({ path: '/v1/responses', body: { max_output_tokens: 99 } })
  const cut = { ...body, status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }
  expect(outcome((await ask({ provider: 'openai-responses', baseUrl: '/v1' }, cut)).answer)).toBe('model_truncated')
})

const message = {
  type: 'message',
  model: 'm-1-2026',
  content: [
    { type: 'thinking', thinking: 'deploy_frontend?' },
    { type: 'text', text },
  ],
  stop_reason: 'end_turn',
  usage: { input_tokens: 4, cache_read_input_tokens: 7, output_tokens: 7 },
}

test('anthropic: /v1/messages with x-api-key, and a system prompt that can be cached', async () => {
  const { answer, request } = await ask({ provider: 'anthropic', maxTokens: 99 }, message)
  expect(answer).toMatchObject({ ok: true, step: STEP, call })
  expect(request).toMatchObject({ method: 'POST', path: '/v1/messages' })
  expect(request.headers).toMatchObject({ 'x-api-key': KEY, 'anthropic-version': '2023-06-01' })
  expect(request.body).toMatchObject({ model: 'm-1', max_tokens: 99, messages: [{ role: 'user' }] })
  expect(request.body).toHaveProperty('system.0.cache_control', { type: 'ephemeral' })
})

test('anthropic: the thread in pieces of which each call repeats those of the one before, up to the mark', async () => {
  const asked = async (thread: string, ends: number[]) => {
    const { request } = await ask({ provider: 'anthropic' }, message, { ...prompt, thread, ends })
    return request.body as unknown as { messages: [{ content: { text: string; cache_control?: object }[] }] }
  }
  const threads = ['<a>\n</a>', '<a>\n</a>\n\n<b>\n</b>', '<a>\n</a>\n\n<b>\n</b>\n\n<c>\n</c>']
  const lengths = threads.map(({ length }) => length)
  const bodies = []
  for (const [i, thread] of threads.entries()) bodies.push(await asked(thread, lengths.slice(0, i)))
  const cached = bodies.map(({ messages: [{ content }] }) => {
    const end = content.findIndex(({ cache_control }) => cache_control !== undefined)
    return content.slice(0, end + 1).map(({ text: piece }) => piece)
  })
  expect(cached).toEqual([
    ['<a>\n</a>'],
    ['<a>\n</a>', '\n\n<b>\n</b>'],
    ['<a>\n</a>', '\n\n<b>\n</b>', '\n\n<c>\n</c>'],
  ])
  for (const [i, { messages }] of bodies.entries()) {
    const words = messages[0].content.map(({ text: piece }) => piece).join('')
    expect(words).toBe(`${threads[i]}\n\nWhat is the next step?`)
    // Anthropic takes four marks at most; the system's is the other one.
    expect(messages[0].content.filter(({ cache_control }) => cache_control)).toHaveLength(1)
  }
})

test.each([
  ['max_tokens', 'model_truncated'],
  ['refusal', 'model_filtered'],
  ['tool_use', 'model_unreadable'],
])('anthropic: %s is %s', async (stop_reason, code) => {
  expect(outcome((await ask({ provider: 'anthropic' }, { ...message, stop_reason })).answer)).toBe(code)
})

const generated = {
  modelVersion: 'm-1-2026',
  candidates: [{ finishReason: 'STOP', content: { parts: [{ text: 'hm', thought: true }, { text }] } }],
  usageMetadata: { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2 },
}

test('google-ai: models/…:generateContent with x-goog-api-key', async () => {
  const { answer, request } = await ask({ provider: 'google-ai', baseUrl: '/v1beta', maxTokens: 99 }, generated)
  expect(answer).toMatchObject({ ok: true, step: STEP, call })
  expect(request).toMatchObject({ method: 'POST', path: '/v1beta/models/m-1:generateContent' })
  expect(request.headers).toMatchObject({ 'x-goog-api-key': KEY })
  expect(request.body).toMatchObject({ generationConfig: { maxOutputTokens: 99 }, contents: [{ role: 'user' }] })
})

test.each([
  ['MAX_TOKENS', 'model_truncated'],
  ['SAFETY', 'model_filtered'],
  ['OTHER', 'model_unreadable'],
])('google-ai: %s is %s', async (finishReason, code) => {
  const body = { ...generated, candidates: [{ ...generated.candidates[0], finishReason }] }
  expect(outcome((await ask({ provider: 'google-ai', baseUrl: '/v1beta' }, body)).answer)).toBe(code)
})

test('google-ai: a blocked prompt is filtered', async () => {
  const body = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } }
  expect(outcome((await ask({ provider: 'google-ai', baseUrl: '/v1beta' }, body)).answer)).toBe('model_filtered')
})

test('a key that lies in the environment is never sent unasked', async () => {
  for (const name of ['OPENAI', 'ANTHROPIC', 'GOOGLE', 'AZURE_OPENAI']) vi.stubEnv(`${name}_API_KEY`, 'k-environment')
  for (const name of ['openai', 'openai-generic', 'anthropic', 'google-ai', 'azure-openai', 'ollama']) {
    provider = await startProvider((response) => json(response, {}))
    await createModel({ provider: name, model: 'm-1', baseUrl: `${provider.url}/v1` }).next(prompt)
    const { headers } = provider.seen[0] ?? {}
    expect(JSON.stringify(headers)).not.toMatch(/k-environment|API_KEY|Bearer/)
    await provider.close()
  }
})

test('what a model, a key and an address are called is nothing that BAML would read', async () => {
  const odd = 'env.HOME "#x"# {{ y }} \\ }'
  const { request } = await ask(
    { provider: 'openai-generic', model: odd, apiKey: odd, baseUrl: '/v1/env.HOME/{{x}}' },
    chat,
  )
  expect(request.body).toMatchObject({ model: odd })
  expect(request.headers).toMatchObject({ authorization: `Bearer ${odd}` })
  expect(decodeURI(request.path ?? '')).toBe('/v1/env.HOME/{{x}}/chat/completions')
})

test.each(['nonsense', 'constructor'])('%s is refused at the start', (name) => {
  expect(() => createModel({ provider: name, model: 'm' })).toThrow(/unknown model provider.*openai-generic/)
})
