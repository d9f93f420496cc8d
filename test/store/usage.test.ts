import { describe, expect, test } from 'vitest'
import type { Model, Usage } from '../../src/agent/ports.ts'
import { withinDay, withinMinute } from '../../src/model/limits.ts'
import { oneStore, stores } from './support.ts'

const call = { model: 'm', prompt_hash: 'h', input_tokens: 900, output_tokens: 100, ms: 1, cost: 0.6 }
const model = {
  preview: async () => ({ model: 'm', prompt_hash: '', messages: [], tokens: 0 }),
  next: async () => ({ ok: true, step: { intent: 'list_git_tags' }, call }),
} satisfies Model
const prompt = { agent: 'deploy', setup: '', thread: 'hello' } as const
const away: Usage = {
  take: async () => Promise.reject(new Error('no database')),
  today: async () => Promise.reject(new Error('no database')),
  spend: async () => Promise.reject(new Error('no database')),
}

describe('what replicas together ask of a model in a minute', () => {
  test('is no more than is allowed, however many ask at once', async () => {
    const processes = await stores(2)
    // A minute may end meanwhile: then twice as many go.
    const minute = () => Math.floor(Date.now() / 60_000)
    const began = minute()
    const waits = await Promise.all(
      Array.from({ length: 40 }, (_, i) => processes[i % 2]?.usage.take('m', 10, { calls: 7 })),
    )
    const went = waits.filter((ms) => ms === 0).length
    expect(went).toBe(minute() === began ? 7 : went)
    for (const ms of waits.filter((one) => one !== 0)) {
      expect(ms).toBeGreaterThan(0)
      expect(ms).toBeLessThanOrEqual(60_000)
    }
  })
  test('counts tokens, and lets the first by whatever it takes', async () => {
    const { usage } = await oneStore()
    expect(await usage.take('big', 5_000, { tokens: 1_000 })).toBe(0)
    expect(await usage.take('big', 1, { tokens: 1_000 })).toBeGreaterThan(0)
    expect(await usage.take('other', 1, { tokens: 1_000 })).toBe(0)
  })
  test('is waited out by whoever is too many', async () => {
    const { usage } = await oneStore()
    const limited = withinMinute(model.next, 'p/m', { calls_per_minute: 1 }, usage)
    expect(await limited(prompt)).toMatchObject({ ok: true })
    expect(await limited(prompt)).toMatchObject({
      ok: false,
      code: 'model_rate_limited',
      message: 'our own limit of 1 calls a minute is reached',
      retry_after_ms: expect.any(Number),
    })
  })
  test('waits too while nobody can count', async () =>
    expect(await withinMinute(model.next, 'p/m', { calls_per_minute: 1 }, away)(prompt)).toMatchObject({
      code: 'model_rate_limited',
      retry_after_ms: 1_000,
    }))
  test('leaves few rows behind', async () => {
    const { usage, pool } = await oneStore()
    await pool.query(
      `insert into model_usage values ('old', 'minute', now() - interval '2 hours', 1, 1, 0), ('old', 'day', now() - interval '2 days', 1, 1, 1)`,
    )
    await usage.take('old', 1, {})
    const { rows } = await pool.query(`select span from model_usage where model = 'old' order by span`)
    expect(rows).toEqual([{ span: 'day' }, { span: 'minute' }])
  })
})

describe("a day's money", () => {
  test('is counted over all models and replicas', async () => {
    const [one, other] = await stores(2)
    await Promise.all([
      one?.usage.spend('a', 1, 0.25),
      other?.usage.spend('b', 1, 0.5),
      other?.usage.spend('a', 1, 0.25),
    ])
    expect(await one?.usage.today()).toBe(1)
  })
  test('once it is spent a person is asked, and whoever they let go on does', async () => {
    const { usage } = await oneStore()
    const limited = withinDay(model.next, 'm', 1, usage)
    expect(await limited(prompt)).toMatchObject({ ok: true })
    expect(await limited(prompt)).toMatchObject({ ok: true })
    const refused = await limited(prompt)
    expect(refused).toMatchObject({
      code: 'spend_limit',
      message: 'The model has cost 1.20 today (UTC), and may cost 1.',
    })
    expect(refused).not.toHaveProperty('retry_after_ms')
    expect(await limited(prompt, undefined, { over_limit: true })).toMatchObject({ ok: true })
  })
  test('stops nobody where there is no limit, and waits where it cannot be read', async () => {
    expect(await withinDay(model.next, 'm', undefined, away)(prompt)).toMatchObject({ ok: true })
    expect(await withinDay(model.next, 'm', 1, away)(prompt)).toMatchObject({ retry_after_ms: 1_000 })
  })
})
