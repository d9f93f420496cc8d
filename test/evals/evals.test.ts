import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { type SandboxModel, startSandboxModel } from '../../src/sandbox/model/server.ts'
import { fold } from '../../src/thread/evolve.ts'
import { next } from '../../src/thread/next.ts'
import { CASES } from './cases.ts'
import { changesSomething } from './checks.ts'
import { createFiles } from './files.ts'
import type { Result } from './grade.ts'
import { changesSince, inWords, reportOf } from './report.ts'
import { type RunOptions, run } from './run.ts'

let sandbox: SandboxModel
let model: Model
beforeAll(async () => {
  sandbox = await startSandboxModel()
  model = createModel({ provider: 'openai-generic', model: 'sandbox-planner', baseUrl: sandbox.url })
})
afterAll(() => sandbox.close())

const options: RunOptions = { concurrency: 4, mostCalls: 1_000, mostUsd: null, price: null, pause: async () => {} }
const claimed = CASES.filter(({ beyond }) => beyond === null)
const beyond = CASES.filter((one) => one.beyond !== null)

describe('the evals', () => {
  test('are at least 120, each a thread that asks the model, under a name of its own', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(120)
    const asked = CASES.filter(({ events }) => {
      const state = fold(events)
      return state !== null && next(state).do === 'ask_model'
    })
    expect(asked).toHaveLength(CASES.length)
    expect(new Set(CASES.map(({ category, name }) => `${category}: ${name}`)).size).toBe(CASES.length)
  })

  test('the sandbox planner passes all that it claims to handle', async () => {
    const { results } = await run(claimed, model, options)
    expect(results.filter(({ passed }) => !passed)).toEqual([])
    expect(results).toHaveLength(claimed.length)
  })

  test('what is beyond it is marked as such, is a tenth at most, and leads to nothing that nobody asked for', async () => {
    const { results } = await run(beyond, model, options)
    expect(results.filter(({ passed }) => passed)).toEqual([])
    expect(beyond.length).toBeLessThanOrEqual(CASES.length / 10)
    const wrong = results.filter(({ step }) => step === null || changesSomething(step)).map(({ name }) => name)
    expect(wrong).toEqual([])
  })
})

describe('a run', () => {
  const three = claimed.slice(0, 3)

  test('stops at its bound of calls, and goes on without asking again', async () => {
    const first = await run(three, model, { ...options, concurrency: 1, mostCalls: 2 })
    expect(first).toMatchObject({ calls: 2, left: 1 })
    const before = new Map(first.results.map((result) => [result.prompt_hash, result]))
    const second = await run(three, model, { ...options, before })
    expect(second).toMatchObject({ calls: 1, left: 0 })
    expect(second.results.map(({ name }) => name)).toEqual(three.map(({ name }) => name))
  })

  test('stops at its bound of money', async () => {
    const price = { input: 1_000_000, output: 0 }
    const { calls, left, usd } = await run(three, model, { ...options, concurrency: 1, price, mostUsd: 1 })
    expect({ calls, left }).toEqual({ calls: 1, left: 2 })
    expect(usd).toBeGreaterThan(1)
  })

  test('asks again what the provider puts off, three times at most', async () => {
    const busy = { status: 429, body: '{}' }
    const [one] = three
    sandbox.queue(busy)
    expect((await run([one as (typeof three)[number]], model, options)).results).toMatchObject([
      { passed: true, calls: 2 },
    ])
    sandbox.queue(busy, busy, busy)
    expect((await run([one as (typeof three)[number]], model, options)).results).toMatchObject([
      { passed: false, calls: 3, error: 'model_rate_limited' },
    ])
  })

  test('is reported by category, and beside the last one', async () => {
    const about = { provider: 'sandbox', model: 'm', at: '2026-11-26T00:00:00Z', price: { input: 1, output: 1 } }
    const good = await run(three, model, options)
    const fails = (result: Result, i: number): Result => (i === 0 ? { ...result, passed: false } : result)
    const last = reportOf({ ...good, results: good.results.map(fails) }, about)
    const report = reportOf(good, about)
    expect(changesSince(report, last)).toEqual({ better: [expect.stringMatching(/^plain requests: /)], worse: [] })
    expect(changesSince(last, report).worse).toHaveLength(1)
    expect(inWords(report, last)).toMatch(/sandbox, m: 3 of 3\n\d+ tokens in, \d+ out, \$0\.\d+; .*\n\nCATEGORY/)
  })

  test('leaves on disk what it has, and in the end its report', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'deploybot-evals-'))
    const files = await createFiles(directory, 'sandbox', 'some/model')
    const { results, ...done } = await run(three, model, options)
    for (const result of results) await files.keep(result)
    await files.keep({ ...(results[0] as Result), prompt_hash: 'unanswered', step: null })
    expect([...(await files.before()).values()]).toEqual(results)
    expect(await files.last()).toBeNull()
    const report = reportOf({ results, ...done }, { provider: 'sandbox', model: 'm', at: 'now', price: null })
    await files.finish(report)
    expect([await files.last(), (await files.before()).size]).toEqual([report, 0])
    await rm(directory, { recursive: true })
  })
})
