import { describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

const MODEL = 'model="sandbox-planner",function="next_step"'

/** The value of one line of /metrics; undefined: there is no such line. */
const scrape = async (bot: TestService) => {
  const text = await (await fetch(`${bot.url()}/metrics`)).text()
  const lines = text.split('\n')
  const value = (name: string): number | undefined => {
    const line = lines.find((one) => one.startsWith(`${name} `))
    return line === undefined ? undefined : Number(line.slice(name.length))
  }
  return { text, value }
}

const fault = (bot: TestService, path: string, body: object) =>
  fetch(`${bot.github()}/_sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })

describe('after a whole deployment', () => {
  test('/metrics tells of people, dispatches, calls, appends and requests, and names no thread', async () => {
    const bot = await startTestService()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    const { text, value } = await scrape(bot)
    expect(value('deploybot_threads{status="done"}')).toBe(1)
    expect(value('deploybot_threads{status="running"}')).toBe(0)
    expect(value('deploybot_threads_due')).toBe(0)
    expect(value('deploybot_threads_quarantined')).toBe(0)
    expect(value('deploybot_oldest_question_seconds')).toBe(0)
    expect(value('deploybot_database_up')).toBe(1)
    expect(value('deploybot_human_wait_seconds_count{question="approval",outcome="answered"}')).toBe(1)
    expect(value('deploybot_human_wait_seconds_sum{question="approval",outcome="answered"}')).toBeLessThan(15)
    expect(value('deploybot_dispatches_total{outcome="accepted"}')).toBe(1)
    expect(value('deploybot_threads_ended_total{status="done"}')).toBe(1)
    expect(value('deploybot_append_seconds_count{outcome="ok"}')).toBeGreaterThan(5)
    expect(value(`deploybot_model_call_seconds_count{${MODEL},outcome="ok"}`)).toBeGreaterThan(1)
    expect(value(`deploybot_model_tokens_total{${MODEL},type="input"}`)).toBeGreaterThan(100)
    expect(value(`deploybot_model_tokens_total{${MODEL},type="output"}`)).toBeGreaterThan(10)
    // The sandbox costs nothing, and caches nothing.
    expect(value(`deploybot_model_cost_total{${MODEL}}`)).toBe(0)
    expect(value(`deploybot_model_cached_tokens_total{${MODEL}}`)).toBe(0)
    expect(value('deploybot_tool_call_seconds_count{tool="dispatch",outcome="accepted"}')).toBe(1)
    expect(value('deploybot_tool_call_seconds_count{tool="list_git_tags",outcome="ok"}')).toBeGreaterThan(0)
    expect(
      value('deploybot_http_request_seconds_count{method="POST",route="/threads/:id/responses",status="202"}'),
    ).toBe(1)
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/)
  })
})

describe('what goes wrong is counted', () => {
  test('a denied approval, a dispatch that GitHub refused, a model that fails, a tag that is not there', async () => {
    const bot = await startTestService()
    const denied = await bot.launch('deploy backend v1.2.3 to production')
    await bot.respond(denied, (await bot.untilAsked(denied, 'approval')).seq, { approved: false, comment: 'no' })
    await bot.untilEvent(denied, 'approval_denied')
    await fault(bot, 'faults', { do: 'answer', accept: false, status: 422, message: 'No ref found' })
    const refused = await bot.launch('deploy backend v1.2.3 to production')
    await bot.respond(refused, (await bot.untilAsked(refused, 'approval')).seq, { approved: true })
    await bot.untilEvent(refused, 'error')
    const { value } = await scrape(bot)
    expect(value('deploybot_human_wait_seconds_count{question="approval",outcome="denied"}')).toBe(1)
    expect(value('deploybot_dispatches_total{outcome="refused"}')).toBe(1)
    expect(value('deploybot_tool_call_seconds_count{tool="dispatch",outcome="refused"}')).toBe(1)
  })

  test('a model that does not work', async () => {
    const bot = await startTestService()
    await fetch(`${bot.model()}/_sandbox/replies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ status: 401, body: '{}' }]),
    })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    await bot.untilEvent(id, 'error')
    const { value } = await scrape(bot)
    expect(value(`deploybot_model_call_seconds_count{${MODEL},outcome="model_refused_key"}`)).toBe(1)
  })
})

describe('when the database is gone', () => {
  test('/metrics says so, and still tells the rest', async () => {
    const bot = await startTestService()
    await bot.database.drop()
    const { value, text } = await scrape(bot)
    expect(value('deploybot_database_up')).toBe(0)
    expect(value('deploybot_threads_due')).toBeNaN()
    expect(text).toContain('nodejs_eventloop_lag_seconds')
  })
})
