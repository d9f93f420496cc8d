import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createHealth } from '../../src/telemetry/health.ts'
import { query } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'

// A reading of the database is kept for a second.
const until = async (bot: TestService, status: number) => {
  const deadline = Date.now() + 10_000
  for (;;) {
    const answer = await bot.call('/ready')
    if (answer.status === status || Date.now() > deadline) return answer
    await sleep(100)
  }
}

const problem = (detail: string) => ({ status: 503, body: { status: 503, code: 'not_ready', detail } })

describe('/ready', () => {
  test('is true where work can be done', async () => {
    const bot = await startTestService()
    expect(await bot.call('/ready')).toMatchObject({ status: 200, body: { status: 'ready' } })
  })

  test('says in a problem that the database is gone, while /health stays true', async () => {
    const bot = await startTestService()
    await bot.database.drop()
    const answer = await until(bot, 503)
    expect(answer).toMatchObject(problem('the database does not answer'))
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
    expect(answer.headers.get('retry-after')).toBe('2')
    expect((await bot.call('/health')).status).toBe(200)
  })

  test('is false when the schema became older than this service', async () => {
    const bot = await startTestService()
    await query(bot.database.connection, 'delete from migrations')
    expect((await until(bot, 503)).body.detail).toContain('run npm run migrate')
  })

  test('stays true when a newer version has expanded the schema: this one goes on until it is replaced', async () => {
    const bot = await startTestService()
    await query(bot.database.connection, "insert into migrations (name, run_on) values ('9999_later', now())")
    await sleep(1_200)
    expect(await bot.call('/ready')).toMatchObject({ status: 200 })
  })

  test('is false while the service stops', async () => {
    const bot = await startTestService()
    // The model is slow to answer: the worker is in the middle of a step, which it ends.
    await fetch(`${bot.model()}/_sandbox/replies`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify([{ content: '{}', delay_ms: 1_500 }]),
    })
    await bot.launch('deploy backend v1.2.3 to production')
    await sleep(300)
    const stopped = bot.stop()
    expect(await bot.call('/ready')).toMatchObject(problem('this service is stopping'))
    await stopped
  })
})

test('a worker that has not touched its queue for 15 s is stuck', async () => {
  let silent = 0
  const health = createHealth({ silentMs: () => silent, schema: async () => 'current' })
  silent = 14_000
  expect(await health.check()).toEqual({ ok: true })
  silent = 16_400
  expect(await health.check()).toEqual({ ok: false, reason: 'the worker has taken no work for 16 s' })
})
