import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/model/server.ts'
import { big, DANGEROUS, step } from './dangerous.ts'
import { outcome, prompt, STEP } from './support.ts'

let sandbox: SandboxModel
let model: Model
beforeAll(async () => {
  sandbox = await startSandboxModel()
  model = createModel({ provider: 'openai-generic', model: 'm', baseUrl: sandbox.url })
})
afterAll(() => sandbox.close())

test.each(DANGEROUS)('is no step: %s', async (_, content, code) => {
  sandbox.queue({ content })
  const started = performance.now()
  expect(outcome(await model.next(prompt))).toBe(code)
  expect(performance.now() - started).toBeLessThan(2_000)
})

// These would be steps, were they not screened before BAML sees them.
test.each([
  ['more than 64 brackets', big('[]', 65)],
  ['deeper than 12', big('{', 12)],
  ['larger than 16 KB', big('x', 17 * 1024)],
])('is no step: a message %s', async (what, text) => {
  sandbox.queue({ content: JSON.stringify({ intent: 'done_for_now', message: text }) })
  expect(await model.next(prompt)).toMatchObject({ code: 'model_unreadable', message: expect.stringContaining(what) })
})

test.each([
  ['length', 'model_truncated'],
  ['content_filter', 'model_filtered'],
  ['tool_calls', 'model_unreadable'],
  ['stopped', 'model_unreadable'],
  ['constructor', 'model_unreadable'],
  [null, 'model_unreadable'],
])('is no step: a whole one that ended by %s', async (finish_reason, code) => {
  sandbox.queue({ content: step, finish_reason })
  expect(outcome(await model.next(prompt))).toBe(code)
})

test('is no step: a question with 5000 choices, found out at once', async () => {
  const options = { urgency: 'low', format: 'multiple_choice', choices: Array(5000).fill('') }
  sandbox.queue({ content: JSON.stringify({ intent: 'request_human_input', question: 'x', context: '', options }) })
  expect(await model.next(prompt)).toMatchObject({ message: 'the reply has more than 100 values' })
})

test('is no step: one of several replies, or one beside a refusal', async () => {
  const choice = { finish_reason: 'stop', message: { content: step } }
  sandbox.queue({ body: JSON.stringify({ choices: [choice, choice] }) })
  expect(outcome(await model.next(prompt))).toBe('model_ambiguous')
  const refused = { finish_reason: 'stop', message: { content: step, refusal: 'I cannot' } }
  sandbox.queue({ body: JSON.stringify({ choices: [refused] }) })
  expect(outcome(await model.next(prompt))).toBe('model_filtered')
})

test('a value that BAML would mend stays as it was written', async () => {
  sandbox.queue({ content: JSON.stringify({ ...STEP, tag: 'v123', environment: 'non-production' }) })
  expect(outcome(await model.next(prompt))).toEqual({ ...STEP, tag: 'v123', environment: 'non-production' })
})
