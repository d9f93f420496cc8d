import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/model/server.ts'
import { outcome, prompt, STEP } from './support.ts'

let sandbox: SandboxModel
let model: Model
beforeAll(async () => {
  sandbox = await startSandboxModel()
  model = createModel({ provider: 'openai-generic', model: 'm', baseUrl: sandbox.url })
})
afterAll(() => sandbox.close())

const step = JSON.stringify(STEP)
const withTag = (tag: string) => `{"intent":"deploy_backend","tag":${tag},"environment":"production"}`
const big = (text: string, times: number) => text.repeat(times)

// Each of these came back from BAML's parser as a valid deploy_backend, or took it minutes, or killed the process.
test.each<[string, string, string]>([
  [
    'a refusal in prose that mentions the tool',
    `I must not do deploy_backend with tag v1.2.3 in production.`,
    'model_unreadable',
  ],
  ['a refusal in prose that holds the object', `I will not do this: ${step}`, 'model_unreadable'],
  ['an object with words after it', `${step}\nBut please do not run that.`, 'model_unreadable'],
  ['a fence with words around it', `Do not:\n\`\`\`json\n${step}\n\`\`\``, 'model_unreadable'],
  ['an intent that says the opposite', step.replace('deploy_backend', 'do_not_deploy_backend'), 'model_ambiguous'],
  ['an intent in other letters', step.replace('deploy_backend', 'Deploy_Backend'), 'model_ambiguous'],
  ['an empty tag', withTag('""'), 'model_unreadable'],
  ['a blank tag', withTag('"  "'), 'model_unreadable'],
  ['a tag with a line end', withTag('"v1.2.3\\n"'), 'model_unreadable'],
  ['a tag that is a number', withTag('1.20'), 'model_ambiguous'],
  ['a list of tags', withTag('["v1.2.3","v9.9.9"]'), 'model_ambiguous'],
  ['a list of one tag', withTag('["v1.2.3"]'), 'model_ambiguous'],
  ['a tag that is an object', withTag('{"name":"v1.2.3"}'), 'model_ambiguous'],
  ['a tag that is null', withTag('null'), 'model_unreadable'],
  ['a cut string', '{"intent":"deploy_backend","environment":"production","tag":"v1.2', 'model_unreadable'],
  ['two objects', `${step}\n${step.replace('v1.2.3', 'v9.9.9')}`, 'model_unreadable'],
  ['two objects in a list', `[${step},${step.replace('v1.2.3', 'v9.9.9')}]`, 'model_unreadable'],
  ['one object in a list', `[${step}]`, 'model_unreadable'],
  ['an object in an object', `{"step":${step}}`, 'model_unreadable'],
  [
    'a tag given twice',
    '{"intent":"deploy_backend","tag":"v1.2.3","tag":"v9.9.9","environment":"production"}',
    'model_ambiguous',
  ],
  ['an intent given twice, once escaped', `{"\\u0069ntent":"rollback",${step.slice(1)}`, 'model_ambiguous'],
  ['a field too many', `{"dry_run":true,${step.slice(1)}`, 'model_ambiguous'],
  ['a field of another name', step.replace('"tag"', '"Tag"'), 'model_ambiguous'],
  ['a missing field', '{"intent":"deploy_backend","tag":"v1.2.3"}', 'model_unreadable'],
  ['single quotes', step.replaceAll('"', "'"), 'model_unreadable'],
  ['a comment', `{"intent":"deploy_backend", // no\n"tag":"v1.2.3","environment":"production"}`, 'model_unreadable'],
  ['a trailing comma', step.replace('}', ',}'), 'model_unreadable'],
  ['a wait in words', '{"intent":"wait","seconds":"600","reason":"x"}', 'model_ambiguous'],
  ['a wait of half a second', '{"intent":"wait","seconds":0.5,"reason":"x"}', 'model_ambiguous'],
  [
    'an urgency that does not exist',
    '{"intent":"request_human_input","question":"x","context":"","options":{"urgency":"now","format":"yes_no"}}',
    'model_unreadable',
  ],
  ['a sloppy reply that would only talk', 'done_for_now: thanks', 'model_unreadable'],
  ['nothing', '', 'model_unreadable'],
  ['null', 'null', 'model_unreadable'],
  ['[ × 5000', big('[', 5000), 'model_unreadable'],
  ['{"a": × 8000', big('{"a":', 8000), 'model_unreadable'],
  ['[ × 65 in a list', `{"intent":"done_for_now","message":[${big('[],', 64)}[]]}`, 'model_unreadable'],
  ['13 levels', `${big('{"a":', 13)}1${big('}', 13)}`, 'model_unreadable'],
  ['a list of 5000', withTag(`[${big('1,', 5000)}1]`), 'model_unreadable'],
  ['17 KB', JSON.stringify({ intent: 'done_for_now', message: big('x', 17 * 1024) }), 'model_unreadable'],
])('is no step: %s', async (_, content, code) => {
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
