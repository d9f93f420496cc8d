import { afterEach, describe, expect, test } from 'vitest'
import type { ModelSettings } from '../../src/model/ask.ts'
import { createModel } from '../../src/model/model.ts'
import { costOf } from '../../src/model/prices.ts'
import { json, type Provider, prompt, STEP, startProvider } from './support.ts'

const text = JSON.stringify(STEP)
let provider: Provider | undefined
afterEach(() => provider?.close())

const callOf = async (name: string, body: unknown, more: Partial<ModelSettings> = {}) => {
  provider = await startProvider((response) => json(response, body))
  const model = createModel({ provider: name, model: 'm-1', apiKey: 'k', baseUrl: `${provider.url}/v1`, ...more })
  return (await model.next(prompt)).call
}

const chat = (usage: object, finish_reason = 'stop') => ({
  choices: [{ finish_reason, message: { content: text } }],
  usage,
})
const usage = { prompt_tokens: 1_000, completion_tokens: 100, prompt_tokens_details: { cached_tokens: 800 } }
const price = { input: 2, output: 8, cached: 0.5 }

describe("a call's event says", () => {
  test.each([
    ['openai', chat(usage)],
    [
      'openai-responses',
      {
        status: 'completed',
        output: [{ content: [{ type: 'output_text', text }] }],
        usage: { input_tokens: 1_000, output_tokens: 100, input_tokens_details: { cached_tokens: 800 } },
      },
    ],
    [
      'anthropic',
      {
        content: [{ type: 'text', text }],
        stop_reason: 'end_turn',
        usage: { input_tokens: 150, cache_creation_input_tokens: 50, cache_read_input_tokens: 800, output_tokens: 100 },
      },
    ],
    [
      'google-ai',
      {
        candidates: [{ finishReason: 'STOP', content: { parts: [{ text }] } }],
        usageMetadata: { promptTokenCount: 1_000, cachedContentTokenCount: 800, candidatesTokenCount: 100 },
      },
    ],
  ])('what %s had cached, what it cost and how it ended', async (name, body) =>
    expect(await callOf(name, body, { price })).toMatchObject({
      prompt_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
      input_tokens: 1_000,
      output_tokens: 100,
      cached_tokens: 800,
      // 200 × 2 + 800 × 0.5 + 100 × 8, in millionths
      cost: 0.0016,
      finish: 'stop',
      ms: expect.any(Number),
    }),
  )

  test('nothing of what the provider does not say, and no cost without a price', async () => {
    const call = await callOf('openai', chat({ prompt_tokens: 5, completion_tokens: 1 }))
    expect(call).toMatchObject({ cost: null, finish: 'stop' })
    expect(call).not.toHaveProperty('cached_tokens')
  })
  test('how a reply ended that is none', async () =>
    expect(await callOf('openai', chat(usage, 'length'), { price })).toMatchObject({ finish: 'length', cost: 0.0016 }))
  test('that there was no answer', async () =>
    expect(await callOf('openai', 'nothing')).toMatchObject({ finish: 'unknown', cost: null }))
  test('no name of a model that is a page long', async () =>
    expect((await callOf('openai', { ...chat(usage), model: 'x'.repeat(9_999) })).model.length).toBe(200))
})

test('what was cached costs as any input, where nobody said otherwise', () =>
  expect(
    costOf(
      { model: 'm', prompt_hash: '', input_tokens: 1_000, cached_tokens: 5_000, output_tokens: 0, ms: 0 },
      { input: 2, output: 8 },
    ),
  ).toBe(0.002))
