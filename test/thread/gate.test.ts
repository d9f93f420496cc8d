import { describe, expect, test } from 'vitest'
import type { Dispatched, Facts, GateFacts, GateRequest } from '../../src/thread/event.ts'
import { forkOf } from '../../src/thread/fork.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { runOf, type ThreadState } from '../../src/thread/state.ts'
import { waitingFor } from '../../src/thread/view.ts'
import {
  accepted,
  approves,
  cancels,
  given,
  noRunSeen,
  person,
  policy,
  prepared,
  refusedByGitHub,
  rejects,
  responds,
  rules,
  runIs,
  START,
  said,
  story,
  THREAD,
  timer,
  toldLater,
  toolFails,
  unclear,
} from './spec.ts'

const SHA = 'c'.repeat(40)
const request: GateRequest = {
  repository: 'acme/shop',
  run_id: 7,
  attempt: 1,
  environment: 'production',
  workflow: 'deploy-backend.yml',
  ref: 'main',
  sha: SHA,
  service: 'backend',
  title: 'Deploy backend v1.2.3 to production by-hand',
  event: 'push',
  requested_by: 'ann',
  html_url: 'http://github.test/runs/7',
}
const asks = (environment = 'production', by = 'dev'): Input => ({
  type: 'launch',
  agent: 'gate',
  message: 'May run 7 go on?',
  gate: { ...request, environment },
  actor: person(by),
})
const about = (more: Partial<GateFacts> = {}): GateFacts => ({
  run_id: 7,
  attempt: 1,
  title: request.title,
  event: 'push',
  requested_by: 'ann',
  html_url: request.html_url,
  commit_by: 'run',
  dispatched_by: null,
  ...more,
})
const read = (more: Partial<Facts> = {}) => prepared({ sha: SHA, tag: SHA, gate: about(), ...more })
const own: Dispatched = { thread_id: 'thread-1', dispatch_id: 'thread-1-9' }
const readOwn = read({ gate: about({ dispatched_by: own }) })
const closed =
  (accepted: boolean, more: { code?: string; retry_after_ms?: number } = {}) =>
  (state: ThreadState): Input => {
    const effect = next(state)
    if (effect.do !== 'close_gate') throw new Error(`nothing is to be closed: ${effect.do}`)
    return { type: 'gate_closed', to: effect.to, accepted, message: 'GitHub says so', ...more }
  }
const asked = [asks(), read()]
const opening = [...asked, approves(), read()]
const opened = [...opening, accepted(7)]
const gone: Input = { type: 'gate_gone', actor: { kind: 'github' } }

describe('a run that waits asks people', () => {
  test('at once, without a model', () => {
    given()
      .when(asks())
      .yields(
        { type: 'thread_launched', data: { agent: 'gate' } },
        { type: 'gate_requested', data: { run_id: 7, environment: 'production' } },
        { type: 'open_gate', data: { run_id: 7, attempt: 1, sha: SHA }, actor: { kind: 'code' } },
      )
    expect(next(story([asks()]).state)).toMatchObject({ do: 'prepare' })
    for (const steps of [asked, opening, opened]) {
      expect(story(steps).events.filter(({ actor }) => actor.kind === 'model')).toEqual([])
    }
  })
  test('as a deployment would, and with what a person must know of the run', () => {
    const { state } = story(asked)
    expect(waitingFor(state)).toMatchObject({
      kind: 'approval',
      intent: 'open_gate',
      workflow: 'deploy-backend.yml',
      sha: SHA,
      environment: 'production',
      approvers: policy.environments['production']?.approvers,
      args: {},
      gate: { run_id: 7, requested_by: 'ann', html_url: request.html_url },
    })
  })
  test('whoever started the run does not approve it alone where policy forbids that', () =>
    given(asks('vault', 'lead'), read({ environment: 'vault', stage: null }))
      .when(approves('lead'))
      .isRefused('self_approval'))
  test('two of them where two are needed', () =>
    given(asks('vault', 'dev'), read({ environment: 'vault', stage: null }), approves('lead'))
      .when(approves('oncall'))
      .leadsTo('running'))
  test('nobody else, and nothing can be edited', () => {
    given(...asked)
      .when(approves('dev'))
      .isRefused('not_yours_to_answer')
    given(...asked)
      .when(responds('lead', { args: { sha: 'b' } }))
      .isRefused('bad_edit')
  })
  test('what they say to it makes it ask again', () =>
    given(...asked)
      .when(said('wait a moment', 'lead'))
      .yields({ type: 'approval_superseded' }, { type: 'message' }, { type: 'open_gate' }))
  test('the yes is bound to this run and this attempt', () => {
    const hashes = [about(), about({ attempt: 2 }), about({ run_id: 8 })].map((gate) => {
      const event = story([asks(), read({ gate })]).events.at(-1)
      return event?.type === 'approval_requested' ? event.data.args_hash : ''
    })
    expect(new Set(hashes).size).toBe(3)
  })
  test('where no approvals are needed policy opens it', () =>
    given(asks('staging'))
      .when(read({ environment: 'staging', stage: null }))
      .yields(
        { type: 'approval_waived', data: { reason: expect.stringContaining('staging') } },
        { type: 'tool_started' },
      ))
})

describe('with a yes', () => {
  test('it is looked at once more, and then answered', () => {
    expect(next(story(opening).state)).toMatchObject({
      do: 'dispatch',
      comment: expect.stringContaining('approved by lead'),
    })
    given(...asked, approves())
      .when(read())
      .yields({ type: 'tool_started' })
  })
  test('what is live changed meanwhile: asked again', () =>
    given(...asked, approves())
      .when(read({ live: null }))
      .yields({ type: 'approval_superseded', data: { reason: 'drift' } }, { type: 'approval_requested' }))
  test('the run waits no more: it is over', () =>
    given(...asked, approves())
      .when(toolFails('gate_gone'))
      .yields({ type: 'error' }, { type: 'done_for_now', data: { message: 'gate_gone' } }))
  test('too late: the run is turned away', () =>
    given(...asked, approves())
      .when(read(), { later: 4000 })
      .yields({ type: 'approval_expired' }, { type: 'close_gate' }))
  test('the run is followed to its end', () =>
    given(...opened)
      .when(runIs('completed', 'failure'))
      .yields(
        { type: 'run_reported' },
        { type: 'error', data: { code: 'run_failed' } },
        {
          type: 'open_gate_result',
          data: { status: 'failure', message: expect.stringContaining('ended with failure') },
        },
        { type: 'done_for_now' },
      ))
})

describe('GitHub and our answer', () => {
  test('refused for good: nobody is asked again, and an operator sees why', () =>
    given(...opening)
      .when(refusedByGitHub)
      .yields({ type: 'error' }, { type: 'thread_failed', data: { code: 'github_422' } }))
  test('later: it sleeps, and goes on under the same approvals', () =>
    given(...opening, toldLater)
      .when(timer, { later: 60 })
      .yields({ type: 'slept' }))
  test('unclear, and the run went on: followed, nothing is sent', () =>
    given(...opening, unclear)
      .when(runIs('in_progress'), { later: 10 })
      .yields({ type: 'run_reported' }))
  test('unclear, and the run still waits: after a moment all is looked at anew and said again', () => {
    given(...opening, unclear)
      .when(noRunSeen)
      .yieldsNothing()
    given(...opening, unclear)
      .when(noRunSeen, { later: 10 })
      .yields({ type: 'dispatch_deferred' })
    const { state } = story([...opening, unclear])
    const later = given(...opening, unclear)
      .when(noRunSeen, { later: 10 })
      .state()
    expect(later).toMatchObject({ status: 'sleeping', resume: { do: 'recheck' }, dispatches: state.dispatches - 1 })
  })
  test('words that came meanwhile: people are asked again before anything is said again', () =>
    given(...opening, unclear, said('wait', 'lead'))
      .when(noRunSeen, { later: 10 })
      .yields({ type: 'dispatch_deferred' }, { type: 'approval_superseded' }, { type: 'open_gate' }))
})

describe('a run of our own', () => {
  test('passes without a question, naming the thread that started it', () =>
    given(asks())
      .when(readOwn)
      .yields(
        {
          type: 'approval_waived',
          data: { reason: expect.stringContaining('thread-1'), gate: { dispatched_by: own } },
        },
        { type: 'tool_started' },
      ))
  test('and is followed there, not here', () => {
    expect(next(story([asks(), readOwn]).state)).toMatchObject({ comment: expect.stringContaining('thread-1-9') })
    given(asks(), readOwn)
      .when(accepted(7))
      .yields({ type: 'dispatch_accepted' }, { type: 'open_gate_result' }, { type: 'done_for_now' })
    given(asks(), readOwn, unclear)
      .when(runIs('in_progress'))
      .yields({ type: 'run_reported' }, { type: 'open_gate_result' }, { type: 'done_for_now' })
  })
  test('for which its thread vouches no more asks people after all', () =>
    given(asks(), readOwn, toldLater, ...Array.from({ length: 32 }, () => timer))
      .when(read())
      .yields(
        { type: 'approval_superseded', data: { changed: [expect.stringContaining('vouch')] } },
        { type: 'approval_requested', data: { gate: { dispatched_by: null } } },
      ))
  test('as long as that is not known it waits', () =>
    given(asks()).when(toolFails('gate_undecided', 2_000)).leadsTo('sleeping'))
})

describe('a run that may not go on is turned away', () => {
  test('with the words of who said no, and without anybody else', () => {
    given(...asked)
      .when(rejects('not before Monday'))
      .yields(
        { type: 'approval_denied' },
        { type: 'close_gate', data: { run_id: 7, reason: 'lead said no: not before Monday' }, actor: { kind: 'code' } },
      )
    const { state } = story([...asked, rejects('not before Monday')])
    expect(next(state)).toMatchObject({
      do: 'close_gate',
      comment: `lead said no: not before Monday (Deploybot thread ${THREAD})`,
    })
  })
  test('when nobody answers in time', () =>
    given(...asked)
      .when(timer, { later: 4000 })
      .yields({ type: 'approval_expired' }, { type: 'close_gate', data: { reason: expect.stringContaining('time') } }))
  test('by policy, whoever would approve', () =>
    given(asks())
      .when(read({ stage: { environment: 'staging', succeeded: false } }))
      .yields({ type: 'error', data: { code: 'stage_missing' } }, { type: 'close_gate' }))
  test('when its thread is cancelled', () => {
    const { state } = story([...asked, cancels()])
    expect(state.status).toBe('cancelled')
    expect(next(state)).toMatchObject({ do: 'close_gate', comment: expect.stringContaining('changed my mind') })
    const end = given(...asked, cancels())
      .when(closed(true))
      .state()
    expect(end.status).toBe('cancelled')
    expect(next(end)).toEqual({ do: 'rest', until: null })
  })
  test('and then it is over', () =>
    given(...asked, rejects('no'))
      .when(closed(true))
      .yields(
        { type: 'close_gate_result' },
        { type: 'done_for_now', data: { message: expect.stringContaining('lead said no') } },
      ))
  test('GitHub did not hear: it is said again', () => {
    given(...asked, rejects('no'))
      .when(closed(false, { retry_after_ms: 2_000 }))
      .yields({ type: 'error', data: { retry_at: expect.any(String) } })
    const asleep = [...asked, rejects('no'), closed(false, { retry_after_ms: 2_000 })]
    expect(
      next(
        given(...asleep)
          .when(timer, { later: 60 })
          .state(),
      ),
    ).toMatchObject({ do: 'close_gate' })
    given(...asked, cancels())
      .when(closed(false, { retry_after_ms: 2_000 }))
      .yieldsNothing()
  })
  test('GitHub refused to hear: an operator sees why; that it waits no more is no failure', () => {
    given(...asked, rejects('no'))
      .when(closed(false, { code: 'github_forbidden' }))
      .leadsTo('failed')
    given(...asked, rejects('no'))
      .when(closed(false, { code: 'gate_gone' }))
      .leadsTo('done')
  })
  test('cancelled while nobody knows whether our yes came through, and it still waits: turned away', () => {
    const { state } = story([...opening, unclear, cancels()])
    expect(next(state)).toMatchObject({ do: 'check_run' })
    const later = given(...opening, unclear, cancels())
      .when(noRunSeen, { later: 10 })
      .state()
    expect(next(later)).toMatchObject({ do: 'close_gate' })
  })
})

describe('a gate thread', () => {
  test('ends when the run waits no more, and its question is closed', () => {
    given(...asked)
      .when(gone)
      .yields({ type: 'approval_superseded' }, { type: 'error', data: { code: 'gate_gone' } }, { type: 'done_for_now' })
    given(...asked, gone)
      .when((state) => ({
        type: 'respond',
        to: Number(Object.keys(state.closed)[0]),
        approved: true,
        actor: person('lead'),
      }))
      .isRefused('superseded')
    given(...opened)
      .when(gone)
      .yieldsNothing()
  })
  test('stays over, whatever is said to it', () =>
    given(...asked, gone)
      .when(said('hello?'))
      .leadsTo('done'))
  test('that keeps failing asks a person what to do', () =>
    given(asks(), toolFails('github_forbidden'), toolFails('github_forbidden'))
      .when(toolFails('github_forbidden'))
      .leadsTo('awaiting_human'))
  test('is launched by a run, and by nothing else', () => {
    given()
      .when({ type: 'launch', agent: 'gate', message: 'open it', actor: person('dev') })
      .isRefused('unknown_agent')
    given()
      .when({ type: 'launch', agent: 'deploy', message: 'open it', gate: request, actor: person('dev') })
      .isRefused('unknown_agent')
  })
  test('is no dispatch that a run could claim', () =>
    given(...opened)
      .when((state) => ({
        type: 'claim',
        dispatch_id: runOf(state)?.dispatch_id ?? '',
        run_id: 7,
        attempt: 1,
        sha: SHA,
        workflow_ref: 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/main',
        actor: { kind: 'caller', id: 'a job' },
      }))
      .isRefused('not_in_flight'))
  test('cannot be copied', () => {
    const fork = { id: THREAD, actor: person('dev'), at: START }
    expect(() => forkOf(story(asked).events, 2, fork)).toThrow(expect.objectContaining({ code: 'bad_fork' }))
  })
  test('an environment that is configured no more lets nothing on', () => {
    const without = { ...rules, policy: { ...policy, environments: {} } }
    given(asks())
      .when(toolFails('unknown_environment'), { rules: without })
      .yields({ type: 'error' }, { type: 'close_gate' })
  })
})
