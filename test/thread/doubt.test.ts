import { expect, test } from 'vitest'
import { doubtInWords } from '../../src/thread/doubt.ts'
import type { Doubt } from '../../src/thread/event.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { waitingFor } from '../../src/thread/view.ts'
import { approves, asked, given, looked, prepared, proposed, story, toStaging } from './spec.ts'

const doubt: Doubt = { level: 'high', text: 'People spoke of frontend.', model: 'judge' }
const doubted = (state: ThreadState) => ({ ...prepared()(state), doubt }) as ReturnType<ReturnType<typeof prepared>>

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

test('in words it says that it is an opinion of a model, on one line', () =>
  expect(doubtInWords({ ...doubt, text: 'one\ntwo' })).toBe('A second model doubts this (high): one'))
