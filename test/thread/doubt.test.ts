import { describe, expect, test } from 'vitest'
import { opinionInWords } from '../../src/thread/doubt.ts'
import type { Doubt, Opinion } from '../../src/thread/event.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { transcript } from '../../src/thread/transcript.ts'
import { waitingFor } from '../../src/thread/view.ts'
import { approves, asked, call, given, looked, prepared, proposed, story, toolFails, toStaging } from './spec.ts'

const doubt: Doubt = { level: 'high', text: 'People spoke of frontend.', model: 'judge' }
const with_ = (opinion: Opinion) => (state: ThreadState) =>
  ({ ...prepared()(state), ...opinion }) as ReturnType<ReturnType<typeof prepared>>
const doubted = with_({ doubt })

test("a judge's doubt stands beside what people are asked, and in nothing that they approve", () => {
  const [plain, unsure] = [prepared(), doubted].map((how) => story([asked(), looked, proposed, how]).state)
  const request = unsure && waitingFor(unsure)
  expect(request).toMatchObject({ kind: 'approval', doubt })
  expect({ ...request, doubt: undefined }).toEqual({ ...(plain && waitingFor(plain)), doubt: undefined })
})

test('it is an approval like any other', () =>
  given(asked(), looked, proposed, doubted, approves()).when(prepared()).yields({ type: 'tool_started' }))

test('where nobody is asked, nobody is told of it', () => {
  const { events } = story([
    asked(),
    looked,
    toStaging,
    (state) => ({ ...prepared({ environment: 'staging', stage: null })(state), doubt }) as never,
  ])
  expect(events.map(({ type }) => type)).toContain('tool_started')
  expect(JSON.stringify(events)).not.toContain('People spoke of')
})

test('the model that proposed is not told of it', () =>
  expect(renderThread(story([asked(), looked, proposed, doubted]).events)).not.toContain('People spoke of'))

test('in words it says that it is an opinion of a model, on one line', () => {
  expect(opinionInWords({ doubt: { ...doubt, text: 'one\ntwo' } })).toEqual(['A second model doubts this (high): one'])
  expect(opinionInWords({ judged: call })).toEqual([])
  expect(opinionInWords({})).toEqual([])
})

test('a judge that does not answer stops nothing, and people are told that nobody judged', () => {
  const failed = { ...call, failed: 'the model cannot be reached' }
  const { state } = story([asked(), looked, proposed, with_({ judged: failed })])
  const request = state && waitingFor(state)
  expect(request).toMatchObject({ kind: 'approval', judged: failed })
  expect(opinionInWords({ judged: failed })).toEqual(['Not judged by a second model: the model cannot be reached'])
})

describe('its call is one of the model', () => {
  test('among those that a thread may make', () => {
    const [plain, judged] = [prepared(), with_({ judged: call })].map((how) => story([asked(), looked, proposed, how]))
    expect(judged?.state?.model_calls).toBe((plain?.state?.model_calls ?? 0) + 1)
  })

  test('also where the step came to nothing, which the model is told as ever', () => {
    const [plain, judged] = [{}, { doubt, judged: call }].map((opinion) =>
      story([asked(), looked, proposed, (state) => ({ ...toolFails('github_down')(state), ...opinion }) as never]),
    )
    expect(judged?.events.at(-1)).toMatchObject({ type: 'error', data: { code: 'github_down', doubt, judged: call } })
    expect(judged && renderThread(judged.events)).toBe(plain && renderThread(plain.events))
    expect(judged && transcript(judged.events)).not.toContain('People spoke of')
  })
})
