import { describe, expect, test } from 'vitest'
import { decide, place } from '../../src/thread/decide.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import {
  accepted,
  approves,
  asked,
  cancels,
  facts,
  given,
  looked,
  noRunSeen,
  policy,
  prepared,
  proposed,
  refusedByGitHub,
  responds,
  rules,
  runIs,
  running,
  START,
  said,
  selected,
  story,
  THREAD,
  timer,
  toldLater,
  toolFails,
  toStaging,
  unclear,
} from './spec.ts'

const approved = [asked(), looked, proposed, prepared(), approves()] as const
const dispatching = [...approved, prepared()] as const
const MINUTES = 60

describe('from selected to asked', () => {
  test('a write step is first only an event, then its facts are read', () => {
    given(asked(), looked)
      .when(proposed)
      .yields({ type: 'deploy_backend', actor: { kind: 'model' } })
    expect(next(story([asked(), looked, proposed]).state)).toMatchObject({ do: 'prepare' })
  })
  test('the question holds what runs, on top of what, under which rules, until when', () =>
    given(asked(), looked, proposed)
      .when(prepared())
      .yields({
        type: 'approval_requested',
        data: {
          ...facts(),
          quorum: 1,
          approvers: ['lead', 'oncall', 'local'],
          policy_version: 'policy-1',
          args_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
          expires_at: '2026-11-23T09:00:03.000Z',
        },
      }))
  test('an environment that needs no approval says so in the log, and starts', () =>
    given(asked(), looked, toStaging)
      .when(prepared({ environment: 'staging', stage: null }))
      .yields({ type: 'approval_waived' }, { type: 'tool_started', data: { dispatch_id: `${THREAD}-7` } }))
  test('a commit that has not succeeded on the stage before is not even asked about', () =>
    given(asked(), looked, proposed)
      .when(prepared({ stage: { environment: 'staging', succeeded: false } }))
      .yields({ type: 'error', data: { code: 'stage_missing' } }))
})

describe('from approved to started', () => {
  test('the facts are read again', () => expect(next(story([...approved]).state)).toMatchObject({ do: 'prepare' }))
  test('unchanged, the intent is written before GitHub is called', () => {
    const { state } = story([...approved])
    given(...approved)
      .when(prepared())
      .yields({ type: 'tool_started', data: { dispatch_id: `${THREAD}-${state.version + 1}` } })
    expect(next(story([...dispatching]).state)).toMatchObject({ do: 'dispatch' })
  })
  test.each([
    ['the tag moved', { sha: 'c'.repeat(40) }, /now points at ccccccc/],
    [
      'production changed',
      { live: { tag: 'v1.2.9', sha: 'd'.repeat(40), since: START, url: null } },
      /now runs v1.2.9/,
    ],
    ['the workflow changed', { workflow: 'other.yml' }, /workflow is now other.yml/],
  ])('%s: void, and asked again saying what changed', (_, drift, says) =>
    given(...approved)
      .when(prepared(drift))
      .yields(
        { type: 'approval_superseded', data: { reason: 'drift' } },
        { type: 'approval_requested', data: { changed: [expect.stringMatching(says)] } },
      ),
  )
  test('other rules: void, and asked again', () =>
    given(...approved)
      .when(prepared(), { rules: { ...rules, policy: { ...policy, version: 'policy-2' } } })
      .yields(
        { type: 'approval_superseded' },
        { type: 'approval_requested', data: { changed: ['the deployment policy was changed'] } },
      ))
  test('too late: expired, and not started', () =>
    given(...approved)
      .when(prepared(), { later: 3600 })
      .yields({ type: 'approval_expired' }))
  test('a read that fails for a moment is tried again by code, with the approval kept', () => {
    const { state } = story([...approved, toolFails('github_503', 1000), timer])
    expect(state).toMatchObject({ status: 'running', pending: { do: 'recheck', approvals: [{ by: 'lead' }] } })
  })
})

describe('the one dispatch', () => {
  test('accepted is followed', () =>
    given(...dispatching)
      .when(accepted(7))
      .leadsTo('awaiting_run'))
  test('accepted twice is one fact', () =>
    given(...dispatching, accepted(7))
      .when(accepted(7))
      .yieldsNothing())
  test('refused is an error that the model sees', () =>
    given(...dispatching)
      .when(refusedByGitHub)
      .yields({ type: 'error', data: { code: 'github_422' } }))
  test('words that came while GitHub was asked void the approval once it says "later"', () => {
    given(...dispatching, said('wait, not that one'))
      .when(toldLater)
      .yields({ type: 'dispatch_deferred' }, { type: 'approval_superseded', data: { reason: 'message' } })
    given(...dispatching, said('wait, not that one'), toldLater)
      .when(timer, { later: 60 })
      .yieldsNothing()
  })
  test('deferred waits, and is looked at again before it starts under a new id', () => {
    given(...dispatching)
      .when(toldLater)
      .yields({ type: 'dispatch_deferred', data: { until: '2026-11-23T08:00:36.000Z' } })
    const later = given(...dispatching, toldLater, timer)
      .when(timer, { later: 40 })
      .state()
    expect(next(later)).toMatchObject({ do: 'prepare' })
  })
  test('unclear is never sent again: the run is looked for', () => {
    const { state } = story([...dispatching, unclear])
    expect(next(state)).toMatchObject({ do: 'check_run', run_id: null })
  })
  test('for minutes, then a person is asked what is true', () => {
    given(...dispatching, unclear)
      .when(noRunSeen)
      .yieldsNothing()
    given(...dispatching, unclear)
      .when(noRunSeen, { later: 5 * MINUTES })
      .yields({
        type: 'dispatch_unknown',
        data: { choices: ['it ran', 'it did not run: dispatch again', 'stop here'] },
      })
  })
  test('a run found by its name is adopted', () =>
    given(...dispatching, unclear)
      .when(runIs('in_progress'))
      .yields({ type: 'run_reported', data: { run_id: 7 } }))
})

describe('the run', () => {
  test('is reported once a status', () => {
    given(...running)
      .when(runIs('queued'))
      .yields({ type: 'run_reported', data: { status: 'queued' } })
    given(...running, runIs('queued'))
      .when(runIs('queued'))
      .yieldsNothing()
  })
  test('never goes back', () =>
    given(...running, runIs('in_progress'))
      .when(runIs('queued'))
      .yieldsNothing())
  test('ends in a result that links it', () =>
    given(...running, runIs('queued'))
      .when(runIs('completed', 'success'))
      .yields(
        { type: 'run_reported', data: { status: 'completed' } },
        {
          type: 'deploy_backend_result',
          data: {
            status: 'success',
            html_url: 'http://github.test/runs/7',
            message: 'backend v1.2.3 is live on production',
          },
        },
      ))
  test.each(['failure', 'timed_out', 'startup_failure', null])('%s is a failure', (conclusion) =>
    given(...running)
      .when(runIs('completed', conclusion))
      .yields(
        { type: 'run_reported' },
        { type: 'error', data: { code: 'run_failed' } },
        { type: 'deploy_backend_result', data: { status: 'failure' } },
      ),
  )
  test('that failed says where and what was written last, before it says that it failed', () => {
    const failure = { job: 'deploy', step: 'Deploy', log: 'health check: HTTP 503' }
    given(...running)
      .when(runIs('completed', 'failure', 1, { failure }))
      .yields(
        { type: 'run_reported', data: expect.not.objectContaining({ failure }) },
        {
          type: 'error',
          actor: { kind: 'code' },
          data: { ...failure, message: expect.stringContaining('in job "deploy", step "Deploy"') },
        },
        { type: 'deploy_backend_result', data: { status: 'failure' } },
      )
    expect(story([...running, runIs('completed', 'failure', 1, { failure })]).state).toMatchObject({
      status: 'running',
      errors_in_a_row: 0,
    })
  })
  test('that was cancelled says so, and that nothing broke', () =>
    given(...running)
      .when(runIs('completed', 'cancelled'))
      .yields(
        { type: 'run_reported' },
        {
          type: 'deploy_backend_result',
          data: { status: 'cancelled', message: 'the run of backend v1.2.3 on production was cancelled' },
        },
      ))
  test('of five jobs, looked at forty times, is told when a job starts or ends', () => {
    const at = (job: number, look: number) =>
      look < job * 4 ? 'queued' : look < job * 4 + 4 ? 'in_progress' : 'completed'
    const looks = Array.from({ length: 40 }, (_, look) => {
      const jobs = ['a', 'b', 'c', 'd', 'e'].map(
        (name, job) => ({ name, status: at(job, look), conclusion: null }) as const,
      )
      return runIs('in_progress', null, 1, { jobs })
    })
    const { events } = story([...running, runIs('queued'), ...looks, looks[3] ?? runIs('queued')])
    const told = events.filter(({ type }) => type === 'run_reported')
    // Of two jobs one ends when the other starts.
    expect(told).toHaveLength(1 + 6)
    expect(told.at(-1)?.data).toMatchObject({ jobs: Array(5).fill({ status: 'completed' }) })
  })
  test('that is attempted again before its end was seen ends as its last attempt did', () =>
    given(...running, runIs('in_progress'), runIs('in_progress', null, 2))
      .when(runIs('completed', 'failure', 2))
      .yields(
        { data: { attempt: 2 } },
        { type: 'error', data: { message: expect.stringContaining('(attempt 2)') } },
        {},
      ))
  test('of another dispatch is none of ours', () =>
    given(...running)
      .when({ type: 'run_seen', dispatch_id: 'other', run: null })
      .yieldsNothing())
  test('that GitHub cannot show just now is no news', () =>
    given(...running)
      .when({ type: 'run_unreadable', dispatch_id: 'x', code: 'github_502', message: '' })
      .yieldsNothing())
  test('a cancelled thread asks GitHub to cancel it, once, and follows it', () => {
    expect(next(story([...running, cancels()]).state)).toMatchObject({ do: 'cancel_run', run_id: 7 })
    const asked_ = story([
      ...running,
      cancels(),
      { type: 'run_cancel_requested', run_id: 7, accepted: true, message: '' },
    ])
    expect(next(asked_.state)).toMatchObject({ do: 'check_run' })
    const over = story([
      ...running,
      cancels(),
      { type: 'run_cancel_requested', run_id: 7, accepted: true, message: '' },
      runIs('completed', 'cancelled'),
    ])
    expect(next(over.state)).toEqual({ do: 'rest', until: null })
  })
})

const again = (attempt: number, run_id = 7): Input => ({ type: 'rerun', run_id, attempt })

describe('a run that is started again at GitHub', () => {
  const finish = selected({ intent: 'done_for_now', message: 'done' })
  const done = [...running, runIs('completed', 'success'), looked, finish] as const
  test('after its end is told and not followed: the thread is done, and the result stands', () => {
    given(...done)
      .when(again(2))
      .yields({
        type: 'run_restarted',
        data: { run_id: 7, attempt: 2, message: expect.stringContaining('not followed') },
      })
    const { state } = story([...done, again(2)])
    expect(state).toMatchObject({ status: 'done', facts_stale: true })
    expect(next(state)).toEqual({ do: 'rest', until: null })
  })
  test('is told once an attempt', () => {
    given(...done, again(2))
      .when(again(2))
      .yieldsNothing()
    given(...done, again(2))
      .when(again(3))
      .yields({ type: 'run_restarted' })
  })
  test('is told of a cancelled thread too', () =>
    given(...running, cancels(), runIs('completed', 'cancelled'))
      .when(again(2))
      .yields({ type: 'run_restarted' }))
  test.each([
    ['the first attempt', again(1)],
    ['a run of others', again(2, 8)],
  ])('is no news of %s', (_, input) =>
    given(...done)
      .when(input)
      .yieldsNothing(),
  )
  test('before its end is seen by looking', () =>
    given(...running, runIs('in_progress'))
      .when(again(2))
      .yieldsNothing())
})

const refusal = (code: string) => expect.objectContaining({ code })

describe('settling an unknown dispatch', () => {
  const ask = (choice: string, response?: string, by = 'lead') =>
    responds(by, { choice, ...(response ? { response } : {}) })
  const at = { later: 5 * MINUTES }
  const state = given(...dispatching, unclear)
    .when(noRunSeen, at)
    .state()
  const question = state.status === 'awaiting_human' ? state.question : undefined
  const settle = (input: ReturnType<typeof ask>) => () =>
    decide({ ...input(state), at: '2026-11-23T08:06:00.000Z' }, state, rules)
  test('asks those who may approve it', () => expect(question?.reason).toBe('dispatch_unknown'))
  test('refuses others', () => expect(settle(ask('it ran', '9', 'dev'))).toThrow(refusal('not_yours_to_answer')))
  test('refuses words that settle nothing', () => expect(settle(ask('maybe'))).toThrow(refusal('unknown_choice')))
  test('"it ran" needs the run', () => expect(settle(ask('it ran'))).toThrow(refusal('answer_mismatch')))
  test.each([
    ['it ran', '9', 'check_run'],
    ['it did not run: dispatch again', undefined, 'prepare'],
    ['stop here', undefined, 'fetch_facts'],
  ])('"%s" leads on', (choice, response, effect) => {
    const events = place(settle(ask(choice, response))(), state.id, state.version, START)
    const after = fold(events, state)
    expect(after && next(after)).toMatchObject({ do: effect })
  })
})
