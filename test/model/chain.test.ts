import { afterEach, describe, expect, test } from 'vitest'
import { inTurn } from '../../src/model/chain.ts'
import { createModel } from '../../src/model/model.ts'
import { json, outcome, type Provider, prompt, STEP, startProvider } from './support.ts'

const open: Provider[] = []
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())))

const answers = { choices: [{ finish_reason: 'stop', message: { content: JSON.stringify(STEP) } }] }

/** A model whose provider answers so; it is not told what it is called. */
const modelOf = async (name: string, status: number, body: unknown, headers = {}) => {
  const provider = await startProvider((response) => json(response, body, status, headers))
  open.push(provider)
  const model = createModel({ provider: 'openai-generic', model: name, baseUrl: `${provider.url}/v1` })
  return { model, asked: () => provider.seen.length }
}

describe('where the first model', () => {
  test('answers, no other is asked', async () => {
    const [one, other] = [await modelOf('one', 200, answers), await modelOf('other', 200, answers)]
    const answer = await inTurn([one.model.next, other.model.next])(prompt)
    expect(answer).toMatchObject({ ok: true, call: { model: 'one' } })
    expect(other.asked()).toBe(0)
  })
  test.each([429, 500, 503, 401, 404])('answers %i, the next one is asked, and the event says so', async (status) => {
    const [one, other] = [await modelOf('one', status, {}), await modelOf('other', 200, answers)]
    const answer = await inTurn([one.model.next, other.model.next])(prompt)
    expect(answer).toMatchObject({ ok: true, step: STEP, call: { model: 'other' } })
    expect(one.asked()).toBe(1)
  })
  test('replies what is no step, it is itself asked again, and no other', async () => {
    const prose = { choices: [{ finish_reason: 'stop', message: { content: 'I would deploy.' } }] }
    const [one, other] = [await modelOf('one', 200, prose), await modelOf('other', 200, answers)]
    expect(outcome(await inTurn([one.model.next, other.model.next])(prompt))).toBe('model_unreadable')
    expect(other.asked()).toBe(0)
  })
  test('fails and so do all, both are named, and it is tried when the first of them may', async () => {
    const one = await modelOf('one', 429, {}, { 'retry-after': '60' })
    const other = await modelOf('other', 503, {}, { 'retry-after': '5' })
    expect(await inTurn([one.model.next, other.model.next])(prompt)).toMatchObject({
      ok: false,
      code: 'model_rate_limited',
      message: expect.stringMatching(/^one: .*HTTP 429.*; other: .*HTTP 503/),
      retry_after_ms: 5_000,
    })
  })
  test('was given up by us, no other is asked', async () => {
    const [one, other] = [await modelOf('one', 200, answers), await modelOf('other', 200, answers)]
    expect(outcome(await inTurn([one.model.next, other.model.next])(prompt, AbortSignal.abort()))).toBe('model_aborted')
    expect(other.asked()).toBe(0)
  })
})
