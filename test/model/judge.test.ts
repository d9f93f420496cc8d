import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ModelSettings } from '../../src/model/ask.ts'
import { createJudge, impatient } from '../../src/model/judge.ts'
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/model/server.ts'
import type { Json } from '../../src/thread/event.ts'
import { renderPrompt } from '../../src/thread/prompt.ts'
import type { Step } from '../../src/thread/step.ts'
import { toYaml } from '../../src/thread/yaml.ts'
import { launch, says, threadOf } from '../evals/thread.ts'
import { team } from '../evals/world.ts'

let sandbox: SandboxModel
beforeAll(async () => {
  sandbox = await startSandboxModel()
})
afterAll(() => sandbox.close())

const judging = (words: string[], step: Step, ms?: number, more: Partial<ModelSettings> = {}) => {
  const [first = '', ...rest] = words
  const prompt = renderPrompt(
    threadOf(
      launch(first),
      rest.map((one) => says(one)),
    ),
    team,
  )
  const { doubt } = createJudge({ provider: 'openai-generic', model: 'm', baseUrl: sandbox.url, ...more })
  return impatient(doubt, ms)({ ...prompt, step: toYaml(step as Json) })
}
/** What it has against the step; where it did not answer, why not. */
const judged = async (...of: Parameters<typeof judging>) => {
  const answer = await judging(...of)
  return answer.ok ? answer.doubt : answer.code
}
const backend: Step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }

describe('the sandbox judge compares what people named with the step', () => {
  test.each<[string[], Step]>([
    [['deploy backend v1.2.3 to production'], backend],
    [['deploy the latest backend to prod'], { ...backend, tag: 'v1.2.4' }],
    [['deploy backend v1.2.2 to production', 'no, v1.2.3'], backend],
    [['promote backend from staging to production'], backend],
    [['deploy v1.2.3 to production'], { ...backend, intent: 'deploy_frontend' }],
    [['roll back backend on production'], { ...backend, intent: 'rollback', service: 'backend', tag: 'v1.2.1' }],
  ])('%j leaves no doubt', async (words, step) => expect(await judged(words, step)).toBeNull())

  test.each<[string[], Step, string, string]>([
    [['deploy frontend v1.2.3 to production'], backend, 'high', 'People spoke of frontend, and this is backend.'],
    [['deploy backend v1.2.2 to production'], backend, 'high', 'People spoke of v1.2.2, and this is v1.2.3.'],
    [['deploy backend v1.2.3 to staging'], backend, 'high', 'People spoke of staging, and this goes to production.'],
    [['deploy backend to production'], backend, 'medium', 'Nobody named v1.2.3.'],
    [['what is live?'], backend, 'medium', 'Nobody named production. Nobody named v1.2.3.'],
  ])('%j leaves one', async (words, step, level, text) =>
    expect(await judged(words, step)).toEqual({ level, text, model: 'sandbox-planner' }),
  )
})

describe('a judge that', () => {
  const replies = (content: string) => sandbox.queue({ content })

  test('says more than is asked for is cut to a line', async () => {
    replies(JSON.stringify({ doubt: 'low', reason: `a\u202eb${'x'.repeat(900)}\nsecond line` }))
    expect(await judged(['deploy backend v1.2.3 to production'], backend)).toMatchObject({
      level: 'low',
      text: expect.stringMatching(/^abx{100,237}…$/),
    })
  })

  test.each([
    ['approves', '{"doubt":"none","reason":"","approved":true}', 'model_ambiguous'],
    ['talks', 'This looks fine to me: {"doubt":"high","reason":"x"}', 'model_unreadable'],
    ['knows another level', '{"doubt":"fatal","reason":"x"}', 'model_unreadable'],
    ['proposes a step', JSON.stringify(backend), 'model_unreadable'],
    ['says nothing', '', 'model_unreadable'],
    ['nests for ever', '['.repeat(5_000), 'model_unreadable'],
  ])('%s has no doubt, and it is known why', async (_, content, code) => {
    replies(content)
    expect(await judged(['deploy backend v1.2.3 to production'], backend)).toBe(code)
  })

  test('is down, or silent, holds nobody up, and its call is told of all the same', async () => {
    sandbox.queue({ status: 503, body: '{}' }, { fault: 'silent' })
    expect(await judging(['x'], backend)).toMatchObject({ code: 'model_unavailable' })
    expect(await judging(['x'], backend, 300)).toMatchObject({
      code: 'model_timeout',
      message: 'it did not answer within 300 ms',
      call: { model: 'm', prompt_hash: expect.stringMatching(/^[0-9a-f]{16}$/), input_tokens: 0 },
    })
  })

  test('is too slow for people is not down: those who take their time are let go on asking', async () => {
    const reports: boolean[] = []
    const hosts = { pauseOf: async () => 0, report: (_: string, down: boolean) => void reports.push(down) }
    sandbox.queue({ fault: 'silent' }, { status: 503, body: '{}' })
    expect(await judged(['x'], backend, 300, { hosts })).toBe('model_timeout')
    expect(await judged(['x'], backend, 3_000, { hosts })).toBe('model_unavailable')
    expect(reports).toEqual([true])
  })

  test('answers tells what it took, and what that cost', async () => {
    const price = { input: 1_000, output: 0 }
    expect(await judging(['deploy backend v1.2.3 to production'], backend, 3_000, { price })).toMatchObject({
      ok: true,
      call: { model: 'sandbox-planner', input_tokens: expect.any(Number), cost: expect.any(Number), finish: 'stop' },
    })
  })
})
