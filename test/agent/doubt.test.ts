import { expect, test } from 'vitest'
import { opinionOn } from '../../src/agent/doubt.ts'
import type { JudgeAnswer } from '../../src/agent/ports.ts'
import type { Event } from '../../src/thread/event.ts'
import { asked, call, looked, policy, type prepared, proposed, story, toolFails } from '../thread/spec.ts'

const prompt = { agent: 'deploy', setup: '', thread: '' } as const

/** What comes of looking at the step of this log a second time, and how often the judge was asked for it. */
const judging = async (events: readonly Event[], answer: JudgeAnswer, approved = false) => {
  let calls = 0
  const doubt = async () => {
    calls += 1
    return answer
  }
  const to = events.findLast(({ type }) => type === 'deploy_backend')?.seq ?? 0
  const step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' } as const
  const context = { state: { over_limit: false }, events, prompt: () => prompt }
  const effect = { do: 'prepare', step, to, approved } as const
  const opinion = await opinionOn(effect, context, { judge: { doubt } }, policy, new AbortController().signal)
  return { opinion, calls }
}

const doubt = { level: 'high', text: 'no', model: 'judge' } as const
const doubts: JudgeAnswer = { ok: true, doubt, call }
const down: JudgeAnswer = { ok: false, code: 'model_unavailable', message: 'it is down', call }
const { events } = story([asked(), looked, proposed])
const failing = (opinion: object) => (state: Parameters<ReturnType<typeof prepared>>[0]) =>
  ({ ...toolFails('github_down', 1_000)(state), ...opinion }) as never

test('a step is judged once, however often its facts must be read anew', async () => {
  expect(await judging(events, doubts)).toEqual({ opinion: { doubt, judged: call }, calls: 1 })
  const again = story([asked(), looked, proposed, failing({ doubt, judged: call })]).events
  expect(await judging(again, doubts)).toEqual({ opinion: { doubt }, calls: 0 })
})

test('and again where nobody had judged it', async () => {
  expect(await judging(events, down)).toEqual({ opinion: { judged: { ...call, failed: 'it is down' } }, calls: 1 })
  const again = story([asked(), looked, proposed, failing({ judged: { ...call, failed: 'it is down' } })]).events
  expect(await judging(again, doubts)).toMatchObject({ opinion: { doubt }, calls: 1 })
})

test('never where people have approved it', async () =>
  expect(await judging(events, doubts, true)).toEqual({ opinion: {}, calls: 0 }))
