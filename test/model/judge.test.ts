import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createJudge } from '../../src/model/judge.ts'
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

let lines: [string, object][]
beforeEach(() => {
  lines = []
})
const logger = {
  info: (fields: object, message: string) => void lines.push([message, fields]),
  warn: (fields: object, message: string) => void lines.push([message, fields]),
}
const judging = (words: string[], step: Step, timeoutMs?: number) => {
  const [first = '', ...more] = words
  const prompt = renderPrompt(
    threadOf(
      launch(first),
      more.map((one) => says(one)),
    ),
    team,
  )
  const settings = { provider: 'openai-generic', model: 'm', baseUrl: sandbox.url, logger }
  const judge = createJudge(timeoutMs === undefined ? settings : { ...settings, timeoutMs })
  return judge.doubt(prompt, toYaml(step as Json))
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
  ])('%j leaves no doubt', async (words, step) => expect(await judging(words, step)).toBeNull())

  test.each<[string[], Step, string, string]>([
    [['deploy frontend v1.2.3 to production'], backend, 'high', 'People spoke of frontend, and this is backend.'],
    [['deploy backend v1.2.2 to production'], backend, 'high', 'People spoke of v1.2.2, and this is v1.2.3.'],
    [['deploy backend v1.2.3 to staging'], backend, 'high', 'People spoke of staging, and this goes to production.'],
    [['deploy backend to production'], backend, 'medium', 'Nobody named v1.2.3.'],
    [['what is live?'], backend, 'medium', 'Nobody named production. Nobody named v1.2.3.'],
  ])('%j leaves one', async (words, step, level, text) =>
    expect(await judging(words, step)).toEqual({ level, text, model: 'sandbox-planner' }),
  )
})

describe('a judge that', () => {
  const replies = (content: string) => sandbox.queue({ content })

  test('says more than is asked for is cut to a line', async () => {
    replies(JSON.stringify({ doubt: 'low', reason: `a\u202eb${'x'.repeat(900)}\nsecond line` }))
    const doubt = await judging(['deploy backend v1.2.3 to production'], backend)
    expect(doubt?.text).toMatch(/^abx{100,237}…$/)
    expect(lines).toEqual([['a step was judged', expect.objectContaining({ doubt: 'low' })]])
  })

  test.each([
    ['approves', '{"doubt":"none","reason":"","approved":true}', 'model_ambiguous'],
    ['talks', 'This looks fine to me: {"doubt":"high","reason":"x"}', 'model_unreadable'],
    ['knows another level', '{"doubt":"fatal","reason":"x"}', 'model_unreadable'],
    ['proposes a step', JSON.stringify(backend), 'model_unreadable'],
    ['says nothing', '', 'model_unreadable'],
    ['nests for ever', '['.repeat(5_000), 'model_unreadable'],
  ])('%s has no doubt, and leaves a line in the log', async (_, content, code) => {
    replies(content)
    expect(await judging(['deploy backend v1.2.3 to production'], backend)).toBeNull()
    expect(lines).toEqual([['a step was not judged', expect.objectContaining({ code })]])
  })

  test('is down, or silent, holds nobody up', async () => {
    sandbox.queue({ status: 503, body: '{}' }, { fault: 'silent' })
    expect(await judging(['x'], backend)).toBeNull()
    expect(await judging(['x'], backend, 60)).toBeNull()
    expect(lines.map(([, fields]) => fields)).toMatchObject([{ code: 'model_unavailable' }, { code: 'model_timeout' }])
  })
})
