import { describe, expect, test } from 'vitest'
import { decide, place } from '../../src/thread/decide.ts'
import type { Event } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { after } from '../../src/thread/time.ts'
import { viewOf } from '../../src/thread/view.ts'
import {
  approves,
  asked,
  call,
  given,
  looked,
  prepared,
  proposed,
  responds,
  rules,
  START,
  said,
  selected,
  story,
  THREAD,
  timer,
  toldLater,
  toolFails,
} from './spec.ts'

const SAYS = 'GitHub could not be reached (ECONNREFUSED)'
const factsFail: Input = { type: 'facts_failed', code: 'github_unreachable', message: SAYS, retry_after_ms: 2_000 }
const modelFails = (retry_after_ms?: number): Input => ({
  type: 'model_failed',
  code: 'model_unavailable',
  message: 'the model cannot be reached',
  call,
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
})
const list = selected({ intent: 'list_git_tags' })
const modelDown: Failing = (state) => (state.facts_stale ? looked : modelFails(1_000))

/** What fails, at whatever the thread wants while the outage lasts. */
type Failing = (state: ThreadState) => Input

/** The log of a thread that is worked on for so many seconds while everything that it wants fails. */
const outageOf = (seconds: number, failing: Failing, before = [asked()]) => {
  const begun = story(before)
  let { events }: { events: Event[] } = begun
  let at = begun.now
  const end = after(at, seconds)
  for (;;) {
    const state = fold(events) as ThreadState
    const effect = next(state)
    if (effect.do === 'rest' && (effect.until === null || effect.until > end)) return { events, state, at }
    if (effect.do === 'rest' && effect.until && effect.until > at) at = effect.until
    const input = effect.do === 'rest' ? timer : failing(state)
    events = [...events, ...place(decide({ ...input, at }, state, rules), THREAD, events.length, at)]
  }
}

const pauses = (events: Event[]): number[] =>
  events.flatMap(({ type, data, at }) => {
    const until = type === 'error' && 'retry_at' in data ? data.retry_at : undefined
    return until === undefined ? [] : [(Date.parse(String(until)) - Date.parse(at)) / 1000]
  })

describe('while GitHub or the model is down', () => {
  test.each<[string, Failing, Parameters<typeof outageOf>[2]]>([
    ['GitHub, before the first call', () => factsFail, [asked()]],
    ['the model', modelDown, [asked()]],
    ['GitHub, in the middle of a reading', toolFails('github_502', 2_000), [asked(), looked, list] as never],
  ])('%s: a thread waits two minutes through, and says so', (_, failing, before) => {
    const { state, events } = outageOf(120, failing, before)
    expect(state.status).toBe('sleeping')
    expect(viewOf(events).waiting_for).toMatchObject({ kind: 'timer', reason: expect.stringMatching(/.+/) })
    expect(events.filter(({ type }) => type === 'error').length).toBeLessThan(9)
  })

  test('it tries ever less often, and at least once a minute', () => {
    expect(pauses(outageOf(600, () => factsFail).events).slice(0, 8)).toEqual([2, 2, 4, 8, 16, 32, 60, 60])
  })

  test('but never before it may', () =>
    given(asked(), looked)
      .when(modelFails(600_000))
      .yields({ type: 'error', data: { retry_at: after(START, 602) } }))

  test('it asks a person after a quarter of an hour, and says in plain words why', () => {
    expect(outageOf(880, () => factsFail).state.status).toBe('sleeping')
    const { state, events } = outageOf(1_000, () => factsFail)
    expect(state).toMatchObject({ status: 'awaiting_human', question: { reason: 'outage' } })
    expect(events.at(-1)?.data).toEqual({
      reason: 'outage',
      question: `I have tried for more than 15 minutes and it still fails: ${SAYS}. Answer to let me try again, or cancel.`,
    })
  })

  test('neither the calls nor the errors that are granted are used up', () => {
    const { state } = outageOf(600, modelDown)
    expect(state).toMatchObject({ model_calls: 0, errors_in_a_row: 0 })
  })

  test('the log does not fill with facts, nor the window of the model with errors', () => {
    const { events } = outageOf(600, modelDown)
    expect(events.filter(({ type }) => type === 'list_git_tags_result')).toHaveLength(1)
    expect(renderThread(events)).toBe(renderThread(story([asked(), looked]).events))
  })

  test('a person may speak, and the thread starts over', () => {
    const { state } = outageOf(300, () => factsFail)
    const events = place(decide({ ...said('hurry'), at: state.updated_at }, state, rules), THREAD, state.version, START)
    expect(fold(events, state)).toMatchObject({ status: 'running', outage: null })
  })
})

describe('an outage is over', () => {
  const down = [asked(), looked, modelFails(1), timer]
  test.each<[string, Input]>([
    ['a step', list],
    ['an answer that is no step', modelFails()],
    ['words', said('never mind')],
  ])('when the model gives %s', (_, input) =>
    expect(
      given(...down)
        .when(input)
        .state().outage,
    ).toBeNull(),
  )

  test('and the next one is counted from its own beginning', () => {
    const { state } = story([...down, list, toolFails('github_502', 1)])
    expect(state.outage).toEqual({ since: after(START, 5), failures: 1 })
  })

  test('when a person has answered', () => {
    const { events, state } = outageOf(1_000, () => factsFail)
    const answer = responds('dev', { response: 'try again' })(state)
    const more = place(decide({ ...answer, at: state.updated_at }, state, rules), THREAD, events.length, START)
    expect(fold(more, state)).toMatchObject({ status: 'running', outage: null })
  })
})

describe('errors that do not pass', () => {
  test('still go to a person after three, whatever passes in between', () =>
    given(asked(), looked, modelFails(), modelFails(1), timer, modelFails())
      .when(modelFails())
      .yields({ type: 'error' }, { type: 'escalated', data: { reason: 'errors_in_a_row' } }))
})

describe('a dispatch that was put off', () => {
  const ready = [asked(), looked, proposed, prepared(), approves(), prepared()]
  test('waits longer each time', () => {
    const soon = (state: ThreadState): Input => ({ ...toldLater(state), retry_after_ms: 1 }) as Input
    const { events } = story([...ready, soon, timer, prepared(), soon, timer, timer, prepared(), soon])
    const waits = events.flatMap(({ type, data, at }) =>
      type === 'dispatch_deferred' && 'until' in data ? [Date.parse(data.until) - Date.parse(at)] : [],
    )
    expect(waits).toEqual([1_000, 2_000, 4_000])
  })
  test('is not one of the few that a thread may start', () => {
    expect(story([...ready, toldLater]).state.dispatches).toBe(0)
  })
  test('is a part of the outage in which it fails', () => {
    expect(story([...ready, toldLater]).state.outage).toMatchObject({ failures: 1 })
  })
})
