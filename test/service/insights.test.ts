import { expect, test } from 'vitest'
import { startTestService } from '../support/service.ts'

test('a deployment is counted with what it took, as soon as it has ended', async () => {
  const bot = await startTestService()
  const id = await bot.launch('deploy backend v1.2.3 to production')
  const { seq, commits } = await bot.untilAsked(id, 'approval')
  await bot.respond(id, seq, { approved: true })
  const { events } = await bot.untilStatus(id, 'done')
  const text = await (await fetch(`${bot.url()}/insights.csv?environment=production&weeks=4`)).text()
  const [head = '', row = '', ...more] = text.trim().split('\r\n')
  expect(more).toEqual([])
  const names = head.split(',')
  const counted = Object.fromEntries(row.split(',').map((value, i) => [names[i], value]))
  expect(counted).toMatchObject({ service: 'backend', deployed: '1', changes: '1', failed: '0' })
  const result = events.find(({ type }) => type === 'deploy_backend_result')
  const first = Math.min(...commits.map(({ date }) => Date.parse(date)))
  expect(Number(counted['lead_seconds'])).toBeCloseTo((Date.parse(result?.at ?? '') - first) / 1000, 0)
  const models = events.filter(({ seq: one, actor }) => actor.kind === 'model' && one < (result?.seq ?? 0))
  expect(Number(counted['model_calls'])).toBe(models.length)
  expect(Number(counted['input_tokens'])).toBeGreaterThan(0)
})
