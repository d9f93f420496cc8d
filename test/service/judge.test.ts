import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createPool } from '../../src/store/pool.ts'
import { createUsage } from '../../src/store/usage.ts'
import { callIn } from '../../src/thread/event.ts'
import { startTestService, type TestService } from '../support/service.ts'

const ROOT = join(import.meta.dirname, '../..')

const startJudged = async (more = '') => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-judge-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  const file = join(directory, 'deploybot.yaml')
  await writeFile(file, `${await readFile(join(ROOT, 'deploybot.yaml'), 'utf8')}\njudge: true\n${more}\n`)
  return startTestService({ DEPLOYBOT_CONFIG: file })
}

const queue = (bot: TestService, ...replies: object[]) =>
  fetch(`${bot.model()}/_sandbox/replies`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(replies),
  })

const spentToday = async ({ database }: TestService): Promise<number> => {
  const pool = createPool(database.connection)
  onTestFinished(() => pool.end())
  return createUsage(pool).today()
}

test('a step that nobody asked for is shown to its approver with the doubt of a second model, and is theirs to decide', async () => {
  const bot = await startJudged()
  const wrong = { intent: 'deploy_frontend', tag: 'v1.2.3', environment: 'production' }
  await queue(bot, { content: JSON.stringify(wrong) })
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const asked = await bot.untilAsked(id, 'approval')
  const doubt = { level: 'high', text: 'People spoke of backend, and this is frontend.', model: 'sandbox-planner' }
  expect(asked).toMatchObject({ kind: 'approval', service: 'frontend', doubt })
  const page = await (await fetch(`${bot.url()}/threads/${id}`, { headers: { accept: 'text/html' } })).text()
  expect(page).toContain('A second model doubts this (high): People spoke of backend, and this is frontend.')
  await bot.respond(id, asked.seq, { approved: true })
  await bot.untilEvent(id, 'dispatch_accepted')
})

test('what was asked for is asked about without a doubt, and the call is counted like those for steps', async () => {
  const prices = 'model: { daily_limit: 1, prices: { sandbox-planner: { input: 1, output: 1 } } }'
  const bot = await startJudged(prices)
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const asked = await bot.untilAsked(id, 'approval')
  expect(asked).not.toHaveProperty('doubt')
  expect(asked.judged).toMatchObject({ model: 'sandbox-planner', input_tokens: expect.any(Number), finish: 'stop' })
  expect(asked.judged?.cost).toBeGreaterThan(0)
  const metrics = await (await fetch(`${bot.url()}/metrics`)).text()
  const judge = 'model="sandbox-planner",function="judge"'
  expect(metrics).toContain(`deploybot_model_call_seconds_count{${judge},outcome="ok"} 1`)
  expect(metrics).toContain(`deploybot_model_cost_total{${judge}} ${asked.judged?.cost}`)
  const { events } = await bot.thread(id)
  const costs = events.map((event) => callIn(event)?.cost ?? 0)
  expect(await spentToday(bot)).toBeCloseTo(
    costs.reduce((sum, cost) => sum + cost, 0),
    9,
  )
  const page = await (await fetch(`${bot.url()}/threads/${id}`, { headers: { accept: 'text/html' } })).text()
  expect(page).toMatch(/2 calls, \d+ tokens in/)
})

test('a judge that is down stops nobody: people are told that nobody judged, and why', async () => {
  const bot = await startJudged()
  const step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }
  await queue(bot, { content: JSON.stringify(step) }, { status: 503, body: '{}' })
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const asked = await bot.untilAsked(id, 'approval')
  const page = await (await fetch(`${bot.url()}/threads/${id}`, { headers: { accept: 'text/html' } })).text()
  expect(page).toContain('Not judged by a second model: the model provider is not available (HTTP 503)')
  await bot.respond(id, asked.seq, { approved: true })
  await bot.untilEvent(id, 'dispatch_accepted')
})
