import { describe, expect, test } from 'vitest'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { LIMITS } from '../../src/thread/rules.ts'
import type { Step } from '../../src/thread/step.ts'
import {
  accepted,
  approves,
  asked,
  call,
  given,
  looked,
  prepared,
  proposed,
  responds,
  rules,
  runIs,
  said,
  selected,
  story,
  timer,
  toolFails,
} from './spec.ts'

const fails = (retry_after_ms?: number): Input => ({
  type: 'model_failed',
  code: 'model_unreadable',
  message: 'no JSON',
  call,
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
})
const list = selected({ intent: 'list_git_tags' })
const deployTo = (environment: string, service = 'search') =>
  selected({ intent: 'deploy_service', service, tag: 'v1', environment })

describe('before the model is asked', () => {
  test('code fetches what is nearly always needed', () =>
    expect(next(story([asked()]).state)).toEqual({ do: 'fetch_facts' }))
  test('the facts read like results of the tools', () =>
    given(asked()).when(looked).yields({ type: 'list_git_tags_result' }, { type: 'check_deployment_status_result' }))
  test('once', () => {
    expect(next(story([asked(), looked]).state)).toMatchObject({ do: 'ask_model' })
    given(asked(), looked).when(looked).yieldsNothing()
  })
  test('again after people spoke', () =>
    expect(next(story([asked(), looked, said('hm')]).state)).toEqual({ do: 'fetch_facts' }))
  test('a failure to fetch is an error', () =>
    given(asked())
      .when({ type: 'facts_failed', code: 'github_502', message: 'x', retry_after_ms: 2000 })
      .yields({ type: 'error', data: { retry_at: '2026-11-23T08:00:03.000Z' } }))
})

describe('a selected step', () => {
  test('that has not seen the newest words is dropped', () =>
    given(asked(), looked, said('stop'), looked)
      .when({ ...(proposed as object), seen: 4 } as Input)
      .isRefused('stale'))
  test('is dropped while another is under way', () => given(asked(), looked, list).when(list).isRefused('stale'))
  test('that reads is run at once', () =>
    expect(next(story([asked(), looked, list]).state)).toMatchObject({ do: 'run_tool' }))
  test('that reads ends in its result', () =>
    given(asked(), looked, list)
      .when({ type: 'tool_returned', to: 5, result: { intent: 'list_git_tags', data: { tags: [], more: false } } })
      .yields({ type: 'list_git_tags_result' }))
  test('of an unknown environment is an error that names the known ones', () =>
    given(asked(), looked)
      .when(deployTo('moon'))
      .yields({ type: 'error', data: { code: 'unknown_environment', nearest: ['staging', 'production', 'vault'] } }))
  test.each(['constructor', '__proto__', 'nope'])('of the service %s is an error', (service) =>
    given(asked(), looked)
      .when(deployTo('staging', service))
      .yields({ type: 'error', data: { code: 'unknown_service' } }),
  )
  test.each<[string, Step, string]>([
    ['a wait of no time', { intent: 'wait', seconds: 0, reason: '' }, 'bad_wait'],
    ['an endless wait', { intent: 'wait', seconds: 1e9, reason: '' }, 'bad_wait'],
    ['a wait of NaN', { intent: 'wait', seconds: Number.NaN, reason: '' }, 'bad_wait'],
    [
      'a choice of one',
      {
        intent: 'request_human_input',
        question: '?',
        context: '',
        options: { urgency: 'low', format: 'multiple_choice', choices: ['a'] },
      },
      'bad_question',
    ],
  ])('that is %s is an error', (_, step, code) =>
    given(asked(), looked).when(selected(step)).yields({ type: 'error', data: { code } }),
  )
  test('can say that it is done', () =>
    given(asked(), looked)
      .when(selected({ intent: 'nothing_to_do', message: 'ok' }))
      .leadsTo('done'))
  test('can wait', () => {
    const wait = selected({ intent: 'wait', seconds: 60, reason: 'soak' })
    given(asked(), looked, wait).when(timer).yieldsNothing()
    given(asked(), looked, wait).when(timer, { later: 60 }).yields({ type: 'slept' })
  })
})

describe('errors', () => {
  test('of the model are events of the model', () =>
    given(asked(), looked)
      .when(fails())
      .yields({ type: 'error', actor: { kind: 'model' } }))
  test('that may pass are waited out', () => given(asked(), looked).when(fails(1000)).leadsTo('sleeping'))
  test('of a tool are seen by the model', () =>
    given(asked(), looked, list)
      .when(toolFails('github_404'))
      .yields({ type: 'error', data: { code: 'github_404', to: 5 } }))
  test('of a tool that may pass are retried by code', () => {
    const { state } = story([asked(), looked, list, toolFails('github_502', 500)])
    expect(state).toMatchObject({ status: 'sleeping', resume: { do: 'read' } })
  })
  test('three in a row go to a person', () =>
    given(asked(), looked, fails(), fails())
      .when(fails())
      .yields({ type: 'error' }, { type: 'escalated', data: { reason: 'errors_in_a_row' } }))
  test('a selected step in between does not hide them', () =>
    given(asked(), looked, list, toolFails('a'), list, toolFails('b'), list)
      .when(toolFails('c'))
      .yields({ type: 'error' }, { type: 'escalated' }))
  test('a result in between does', () =>
    given(asked(), looked, fails(), fails(), list, (state) => ({
      type: 'tool_returned',
      to: state.version,
      result: { intent: 'list_git_tags', data: { tags: [], more: false } },
    }))
      .when(fails())
      .leadsTo('running'))
  test('a person who answers starts the count again', () => {
    const { state } = story([asked(), looked, fails(), fails(), fails(), responds('dev', { response: 'try again' })])
    expect(state.errors_in_a_row).toBe(0)
  })
})

describe('bounds', () => {
  const few = { ...rules, limits: { ...LIMITS, model_calls: 2, dispatches: 1, escalations: 1 } }
  const read = [
    list,
    (state: { version: number }) =>
      ({
        type: 'tool_returned',
        to: state.version,
        result: { intent: 'list_git_tags', data: { tags: [], more: false } },
      }) as Input,
  ] as const
  test('after so many model calls a person is asked', () => {
    const { state, events } = story([asked(), looked, ...read, ...read], few)
    expect(state).toMatchObject({ status: 'awaiting_human', question: { reason: 'model_call_limit' } })
    expect(events.filter(({ actor }) => actor.kind === 'model')).toHaveLength(2)
  })
  test('a person may grant more', () => {
    const { state } = story([asked(), looked, ...read, ...read, responds('dev', { response: 'go on' })], few)
    expect(state.model_calls).toBe(0)
  })
  test('but not for ever', () => {
    const { state } = story(
      [asked(), looked, ...read, ...read, responds('dev', { response: 'go on' }), looked, ...read, ...read],
      few,
    )
    expect(state).toMatchObject({ status: 'failed', code: 'model_call_limit' })
  })
  test('after so many dispatches a person is asked before another step is prepared', () => {
    const one = { ...rules, limits: { ...LIMITS, dispatches: 1 } }
    const { state } = story(
      [
        asked(),
        looked,
        proposed,
        prepared(),
        approves(),
        prepared(),
        accepted(),
        runIs('completed', 'failure'),
        looked,
        proposed,
      ],
      one,
    )
    expect(state).toMatchObject({ status: 'awaiting_human', question: { reason: 'dispatch_limit' } })
  })
  test('a failed thread takes no more words', () => {
    const steps = [asked(), looked, ...read, ...read, responds('dev', { response: 'go on' }), looked, ...read, ...read]
    expect(() => story([...steps, said('hello?')], few)).toThrow(expect.objectContaining({ code: 'thread_ended' }))
  })
})

test('a person is asked in one line, with what the last error was', () => {
  const { state } = story([
    asked(),
    looked,
    fails(),
    fails(),
    { ...fails(), message: 'it is prose.\nAt length.' } as Input,
  ])
  expect(state).toMatchObject({
    status: 'awaiting_human',
    question: { question: '3 errors in a row, the last of them: it is prose. What should I do instead?' },
  })
})

describe("when the day's money is spent", () => {
  const spent: Input = { type: 'model_failed', code: 'spend_limit', message: 'The model has cost 5.01 today.', call }
  test('a person is asked, and nothing has failed', () =>
    given(asked(), looked)
      .when(spent)
      .yields({
        type: 'escalated',
        data: {
          reason: 'spend_limit',
          question: 'The model has cost 5.01 today. Answer to let this thread go on all the same, or cancel.',
        },
      }))
  test('whoever answers lets this thread go on, for good', () => {
    const { state } = story([asked(), looked, spent, responds('dev', { response: 'go on' }), looked])
    expect(next(state)).toMatchObject({ do: 'ask_model', over_limit: true })
    expect(state.errors_in_a_row).toBe(0)
  })
})
