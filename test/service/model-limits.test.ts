import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandboxModel } from '../../src/sandbox/model/server.ts'
import { startTestService } from '../support/service.ts'

const ROOT = join(import.meta.dirname, '../..')

/** The shipped deploybot.yaml, and more. */
const configWith = (more: string): string => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-limits-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'deploybot.yaml')
  writeFileSync(file, `${readFileSync(join(ROOT, 'deploybot.yaml'), 'utf8')}\n${more}\n`)
  return file
}

test("when the day's money is spent a person is asked; the thread that they let go on does, others ask too", async () => {
  const model = 'model: { daily_limit: 0.000001, prices: { sandbox-planner: { input: 1, output: 1 } } }\njudge: true'
  const bot = await startTestService({ DEPLOYBOT_CONFIG: configWith(model) })
  const first = await bot.launch('deploy backend v1.2.3 to production')
  // The judge is of the model too; that it may not be asked any more stops no approval.
  const { judged } = await bot.untilAsked(first, 'approval')
  expect(judged?.failed).toMatch(/^The model has cost \d+\.\d\d today \(UTC\), and may cost 0\.000001\.$/)
  const metrics = await (await fetch(`${bot.url()}/metrics`)).text()
  expect(metrics).toMatch(/^deploybot_model_cost_total\{model="sandbox-planner",function="next_step"\} 0\.00\d+$/m)
  const second = await bot.launch('deploy frontend v1.2.3 to production')
  const asked = await bot.untilAsked(second, 'human_input')
  expect(asked.question).toMatch(/^The model has cost \d+\.\d\d today \(UTC\), and may cost 0\.000001\. Answer to let/)
  expect((await bot.thread(second)).events.map(({ type }) => type)).not.toContain('error')
  await bot.respond(second, asked.seq, { response: 'go on' })
  await bot.untilAsked(second, 'approval')
  const third = await bot.launch('what is live?')
  await bot.untilAsked(third, 'human_input')
})

test('where the model does not answer another one stands in, for steps and for the judge, and the log says which it was', async () => {
  const standIn = await startSandboxModel()
  onTestFinished(() => standIn.close())
  const bot = await startTestService({
    DEPLOYBOT_CONFIG: configWith('judge: true'),
    LLM_PROVIDER: 'openai-generic',
    LLM_MODEL: 'away',
    LLM_BASE_URL: 'http://127.0.0.1:9/v1',
    LLM_FALLBACK_PROVIDER: 'openai-generic',
    LLM_FALLBACK_MODEL: 'stand-in',
    LLM_FALLBACK_BASE_URL: standIn.url,
  })
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { judged } = await bot.untilAsked(id, 'approval')
  expect(judged).toMatchObject({ model: 'sandbox-planner', finish: 'stop' })
  expect(judged).not.toHaveProperty('failed')
  const { events } = await bot.thread(id)
  expect(events.find(({ type }) => type === 'deploy_backend')?.actor).toMatchObject({
    kind: 'model',
    model: 'sandbox-planner',
    prompt_hash: expect.stringMatching(/^[0-9a-f]{16}$/),
    cost: null,
    finish: 'stop',
  })
  expect(events.map(({ type }) => type)).not.toContain('error')
})
