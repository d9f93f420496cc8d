import { describe, expect, test } from 'vitest'
import type { DeployResult, Event, MergedPull } from '../../src/thread/event.ts'
import { forkOf } from '../../src/thread/fork.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { CHOICES } from '../../src/thread/release/release.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { waitingFor } from '../../src/thread/view.ts'
import {
  accepted,
  cancels,
  given,
  person,
  prepared,
  refusedByGitHub,
  runIs,
  START,
  said,
  story,
  timer,
  toolFails,
} from './spec.ts'

const SHA = 'c'.repeat(40)
const pull = (number: number): MergedPull => ({
  number,
  title: `Change ${number}`,
  author: 'ann',
  url: `http://github.test/pull/${number}`,
  sha: number === 12 ? SHA : `${number}`.padStart(40, 'd'),
  branch: 'main',
  merged_by: 'shop-lead',
  merged_at: START,
})
const launched: Input = {
  type: 'launch',
  agent: 'release',
  message: 'Release #12',
  merged: [pull(12)],
  actor: person('lead'),
}
const merged = (...numbers: number[]): Input => ({
  type: 'merged',
  pulls: numbers.map(pull),
  actor: { kind: 'github' },
})

/** One dispatch from its facts to its end. */
const runs = (service: string, environment: string, conclusion = 'success') => [
  prepared({ service, environment, sha: SHA, tag: SHA, stage: null }),
  prepared({ service, environment, sha: SHA, tag: SHA, stage: null }),
  accepted(7),
  runIs('completed', conclusion),
]
const onStaging = [launched, ...runs('backend', 'staging'), ...runs('frontend', 'staging')]
const tested = [...onStaging, ...runs('backend,frontend', 'staging')]
const delegateSeq = ({ version }: ThreadState): number => version
const childStarts = (state: ThreadState): Input => ({
  type: 'child_launched',
  to: delegateSeq(state),
  child_id: 'child-1',
  agent: 'deploy',
})
const result = (service: string, more: Partial<DeployResult> = {}): DeployResult => ({
  status: 'success',
  service,
  environment: 'production',
  tag: SHA,
  sha: SHA,
  run_id: 9,
  html_url: 'http://github.test/runs/9',
  message: `${service} is live`,
  replaced: { tag: 'v1.2.2', sha: 'b'.repeat(40) },
  ...more,
})
const childEnds =
  (results: DeployResult[], status: 'done' | 'cancelled' = 'done', message = 'done') =>
  (state: ThreadState): Input => {
    if (state.status !== 'awaiting_thread') throw new Error(`it does not wait for a child, it is ${state.status}`)
    const end = { child_id: 'child-1', status, message, results }
    return { type: 'child_ended', to: state.child.seq, end, actor: { kind: 'code' } }
  }
const handedOver = [...tested, childStarts]
const live = [...handedOver, childEnds([result('backend'), result('frontend')])]
const broken = [...live, ...runs('backend,frontend', 'production', 'failure')]
const chooses =
  (choice: string) =>
  (state: ThreadState): Input => ({
    type: 'respond',
    to: state.release?.offer?.seq ?? 0,
    choice,
    actor: person('lead'),
  })
const finished = (events: Event[]) => events.findLast(({ type }) => type === 'release_finished')?.data

describe('a release goes its way by plain code', () => {
  test('a merge begins it, and it deploys to staging at once', () =>
    given()
      .when(launched)
      .yields(
        { type: 'thread_launched', data: { agent: 'release' } },
        { type: 'pull_request_merged', data: { number: 12 } },
        { type: 'release_planned', data: { sha: SHA, services: ['backend', 'frontend'], pull_requests: [12] } },
        { type: 'deploy_backend', data: { tag: SHA, environment: 'staging' }, actor: { kind: 'code' } },
      ))
  test('one service after the other', () =>
    given(launched, ...runs('backend', 'staging').slice(0, 3))
      .when(runIs('completed', 'success'))
      .yields({ type: 'run_reported' }, { type: 'deploy_backend_result' }, { type: 'deploy_frontend' }))
  test('then the end-to-end tests, which need no approval anywhere', () => {
    expect(story(onStaging).events.at(-1)).toMatchObject({ type: 'run_tests', data: { workflow: 'e2e.yml', tag: SHA } })
    given(...live)
      .when(prepared({ environment: 'production', stage: null }))
      .yields({ type: 'approval_waived', data: { reason: 'tests change nothing' } }, { type: 'tool_started' })
  })
  test('then an agent is called, which must ask for approval', () => {
    const { state } = story(tested)
    expect(next(state)).toMatchObject({
      do: 'launch_child',
      step: { agent: 'deploy', message: `deploy backend and frontend ${SHA} to production` },
      actor: { kind: 'person', id: 'lead' },
    })
  })
  test('and it waits for that agent without asking anybody', () => {
    const { state } = story(handedOver)
    expect(state).toMatchObject({ status: 'awaiting_thread', child: { id: 'child-1' } })
    expect(next(state)).toEqual({ do: 'rest', until: null })
  })
  test('with production tested it is done', () =>
    given(...live, ...runs('backend,frontend', 'production').slice(0, 3))
      .when(runIs('completed', 'success'))
      .yields(
        { type: 'run_reported' },
        { type: 'run_tests_result' },
        { type: 'release_finished', data: { outcome: 'released' } },
      ))
  test('nothing that it deploys goes backward: what is there already is newer', () =>
    given(launched)
      .when(
        prepared({
          service: 'backend',
          environment: 'staging',
          sha: SHA,
          tag: SHA,
          stage: null,
          direction: 'backward',
        }),
      )
      .yields(
        { type: 'error', data: { code: 'goes_backward' } },
        { type: 'release_finished', data: { outcome: 'failed' } },
      ))
  test('a commit that is gone from its branch ends it, and says so', () =>
    given(launched)
      .when(toolFails('not_on_branch'))
      .yields(
        { type: 'error', data: { code: 'not_on_branch' } },
        { type: 'release_finished', data: { outcome: 'failed', message: expect.stringContaining('not_on_branch') } },
      ))
  test('no model is ever asked', () => {
    for (const steps of [onStaging, tested, handedOver, live, broken]) {
      const { events } = story(steps)
      expect(events.filter(({ actor }) => actor.kind === 'model')).toEqual([])
      expect(['ask_model', 'fetch_facts']).not.toContain(next(story(steps).state).do)
    }
  })
})

describe('what goes wrong', () => {
  test('a deployment to staging that fails ends it before production', () => {
    const { events, state } = story([launched, ...runs('backend', 'staging', 'failure')])
    expect(finished(events)).toMatchObject({ outcome: 'failed', message: expect.stringContaining('backend') })
    expect(state.status).toBe('done')
  })
  test('so does a dispatch that GitHub refuses, and facts that cannot be had', () => {
    const before = runs('backend', 'staging').slice(0, 2)
    expect(finished(story([launched, ...before, refusedByGitHub]).events)).toMatchObject({ outcome: 'failed' })
    expect(finished(story([launched, toolFails('unknown_tag')]).events)).toMatchObject({ outcome: 'failed' })
  })
  test('what may pass is waited out, and the same step taken again', () => {
    const { state } = story([launched, toolFails('github_unavailable', 1_000)])
    expect(state).toMatchObject({ status: 'sleeping', resume: { do: 'prepare', step: { intent: 'deploy_backend' } } })
    given(launched, toolFails('github_unavailable', 0)).when(timer, { later: 5 }).yields({ type: 'slept' })
  })
  test('people who say no to the agent stop it, and nothing is rolled back', () =>
    given(...handedOver)
      .when(childEnds([], 'done', 'Left as it is.'))
      .yields({ type: 'child_ended' }, { type: 'release_finished', data: { outcome: 'stopped' } }))
  test('a child that was cancelled does not cancel its parent: it ends what it was part of', () => {
    const { state } = story([...handedOver, childEnds([], 'cancelled', 'wrong day')])
    expect(state).toMatchObject({ status: 'done', release: { outcome: 'stopped' } })
  })
  test('tests that fail on production call the rollback agent with the facts', () => {
    const { events, state } = story(broken)
    expect(events.at(-1)).toMatchObject({
      type: 'delegate',
      data: {
        agent: 'rollback',
        context: {
          failed: { run_url: 'http://github.test/runs/7' },
          deployed: [
            { service: 'backend', replaced: { tag: 'v1.2.2' } },
            { service: 'frontend', replaced: { tag: 'v1.2.2' } },
          ],
        },
      },
    })
    expect(next(state)).toMatchObject({ do: 'launch_child', step: { agent: 'rollback' } })
  })
  test('one service live and the other failed is rolled back too', () => {
    const half = childEnds([result('backend'), result('frontend', { status: 'failure' })])
    expect(story([...handedOver, half]).events.at(-1)).toMatchObject({
      type: 'delegate',
      data: { agent: 'rollback', context: { deployed: [{ service: 'backend' }] } },
    })
  })
  test.each([
    ['all of it', [result('frontend', { tag: 'v1.2.2' }), result('backend', { tag: 'v1.2.2' })], 'rolled_back'],
    ['half of it', [result('frontend', { tag: 'v1.2.2' })], 'failed'],
    ['nothing', [], 'failed'],
  ])('rolled back: %s', (_, results, outcome) => {
    expect(finished(story([...broken, childStarts, childEnds(results)]).events)).toMatchObject({ outcome })
  })
})

describe('newer merges', () => {
  test('are gathered, and a restart is offered', () =>
    given(...handedOver)
      .when(merged(13, 14))
      .yields(
        { type: 'pull_request_merged', data: { number: 13 } },
        { type: 'pull_request_merged', data: { number: 14 } },
        {
          type: 'restart_offered',
          data: { pull_requests: [13, 14], question: '2 newer pull requests were merged. Restart with them?' },
        },
      ))
  test('whoever looks at the release sees the offer beside what it waits for', () => {
    const { state } = story([...handedOver, merged(13)])
    expect(waitingFor(state)).toMatchObject({
      kind: 'thread',
      thread_id: 'child-1',
      offer: { choices: Object.values(CHOICES) },
    })
  })
  test('each counts once, however often it is told', () =>
    given(...handedOver, merged(13))
      .when(merged(13, 12))
      .yields())
  test('a newer offer closes the one before', () => {
    const { state } = story([...handedOver, merged(13), merged(14)])
    given(...handedOver, merged(13), merged(14))
      .when({
        type: 'respond',
        to: (state.release?.offer?.seq ?? 0) - 2,
        choice: CHOICES.restart,
        actor: person('lead'),
      })
      .isRefused('superseded')
  })
  test('a restart stops the agent first, then begins again with all of them', () => {
    const chosen = [...handedOver, merged(13), chooses(CHOICES.restart)]
    const { state } = story(chosen)
    expect(next(state)).toMatchObject({ do: 'stop_child', gently: true, child: { id: 'child-1' } })
    const { events } = story([...chosen, stopped])
    expect(events.slice(-2)).toMatchObject([
      { type: 'release_planned', data: { sha: pull(13).sha, pull_requests: [12, 13] } },
      { type: 'deploy_backend', data: { tag: pull(13).sha, environment: 'staging' } },
    ])
  })
  test('an agent that deploys already is not stopped: the release goes on', () => {
    const refused = (s: ThreadState): Input => ({
      type: 'child_stopped',
      to: childSeq(s),
      accepted: false,
      message: 'busy',
    })
    const { state } = story([...handedOver, merged(13), chooses(CHOICES.restart), refused])
    expect(state).toMatchObject({ status: 'awaiting_thread', release: { restart: false } })
  })
  test('in the middle of staging a restart waits for the run that is under way', () => {
    const middle = [launched, ...runs('backend', 'staging').slice(0, 3), merged(13), chooses(CHOICES.restart)]
    expect(story(middle).state.status).toBe('awaiting_run')
    const { events } = story([...middle, runIs('completed', 'success')])
    expect(events.slice(-2)).toMatchObject([
      { type: 'release_planned', data: { pull_requests: [12, 13] } },
      { type: 'deploy_backend' },
    ])
  })
  test('nothing is offered once production was reached, and nothing is dropped: they go into the next release', () => {
    const { events, state } = story([...live, merged(13), ...runs('backend,frontend', 'production')])
    expect(events.some(({ type }) => type === 'restart_offered')).toBe(false)
    expect(finished(events)).toMatchObject({ outcome: 'released', left: [13] })
    expect(next(state)).toMatchObject({ do: 'hand_on', pulls: [{ number: 13 }] })
    const handed: Input = { type: 'merges_handed_on', thread_id: 'next', pull_requests: [13] }
    expect(next(story([...live, merged(13), ...runs('backend,frontend', 'production'), handed]).state).do).toBe('rest')
  })
  test('news of them come in any order: what was merged last is what is released', () => {
    const { events } = story([...handedOver, merged(14, 13), chooses(CHOICES.restart), stopped])
    expect(events.findLast(({ type }) => type === 'release_planned')).toMatchObject({
      data: { sha: pull(14).sha, pull_requests: [12, 13, 14] },
    })
  })
  test('one that was merged before what is released is part of it, however late its news comes', () => {
    const { events, state } = story([...live, older(11), ...runs('backend,frontend', 'production')])
    expect(finished(events)).toMatchObject({ outcome: 'released', left: [] })
    expect(next(state).do).toBe('rest')
    given(...handedOver)
      .when(older(11))
      .yields({ type: 'pull_request_merged', data: { number: 11 } })
  })
  test('a release that is over takes none', () => {
    given(...live, ...runs('backend,frontend', 'production'))
      .when(merged(13))
      .isRefused('thread_ended')
    given(...handedOver, cancels())
      .when(merged(13))
      .isRefused('thread_ended')
  })
})

const stopped = (s: ThreadState): Input => ({ type: 'child_stopped', to: childSeq(s), accepted: true, message: '' })
const older = (number: number): Input => ({
  type: 'merged',
  pulls: [{ ...pull(number), merged_at: '2026-01-01T00:00:00Z' }],
  actor: { kind: 'github' },
})

const childSeq = (state: ThreadState): number =>
  state.status === 'running' && state.pending?.do === 'stop_child' ? state.pending.child.seq : -1

describe('people and a release', () => {
  test('cancelling goes down to the agent, whatever it does', () => {
    const { state } = story([...handedOver, cancels()])
    expect(next(state)).toMatchObject({ do: 'stop_child', gently: false, child: { id: 'child-1' } })
  })
  test('also to one that may just have been launched', () => {
    const { state } = story([...tested, cancels()])
    expect(next(state)).toMatchObject({ do: 'stop_child', child: { id: null } })
  })
  test('words change nothing of what it does', () => {
    const before = story(handedOver).state
    const { status, child } = story([...handedOver, said('hurry up')]).state as typeof before & { child: unknown }
    expect({ status, child }).toEqual({
      status: 'awaiting_thread',
      child: { id: 'child-1', agent: 'deploy', seq: expect.any(Number) },
    })
    const over = [...live, ...runs('backend,frontend', 'production')]
    expect(story([...over, said('thanks')]).state.status).toBe('done')
  })
  test('nobody launches one by hand', () =>
    given()
      .when({ type: 'launch', agent: 'release', message: 'release!', actor: person('dev') })
      .isRefused('unknown_agent'))
  test('it cannot be copied', () => {
    const { events } = story(handedOver)
    expect(() => forkOf(events, 3, { id: 'x', actor: person('dev'), at: START })).toThrow('cannot be copied')
  })
})

describe('a child', () => {
  const parent = { thread_id: 'parent-1', seq: 9 }
  const child: Input = { type: 'launch', agent: 'deploy', message: 'deploy it', parent, actor: { kind: 'code' } }
  const ends: Input = {
    type: 'step_selected',
    step: { intent: 'done_for_now', message: 'bye' },
    seen: Number.MAX_SAFE_INTEGER,
    call: { model: 'm', prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 },
  }
  const looked: Input = {
    type: 'facts_fetched',
    results: [{ intent: 'list_git_tags', data: { tags: [], more: false } }],
  }
  test('tells its parent of its end, once', () => {
    const { state } = story([child, looked, ends])
    expect(next(state)).toMatchObject({
      do: 'tell_parent',
      parent,
      end: { status: 'done', message: 'bye', results: [] },
    })
    const told: Input = { type: 'parent_told', to: state.version }
    expect(next(story([child, looked, ends, told]).state).do).toBe('rest')
  })
  test('that is cancelled tells it too', () =>
    expect(next(story([child, cancels()]).state)).toMatchObject({ do: 'tell_parent', end: { status: 'cancelled' } }))
  test('is not stopped gently while its run goes on', () => {
    const gently: Input = { type: 'cancel', gently: true, actor: { kind: 'code' } }
    given(launched, ...runs('backend', 'staging').slice(0, 3))
      .when(gently)
      .isRefused('run_in_flight')
    given(child).when(gently).yields({ type: 'cancelled' })
  })
})

test('how it ended is told on every pull request that it shipped, beside the one that began it', () => {
  const reply_to = { pull_request: 12, repository: 'acme/shop' }
  const both = { ...launched, merged: [pull(11), pull(12)], reply_to } as typeof launched
  const [, ...rest] = onStaging
  const { events, state } = story([both, ...rest, ...runs('backend,frontend', 'staging', 'failure')])
  const end = events.find(({ type }) => type === 'release_finished')
  const contacts = [{ address: { pull_request: 11, repository: 'acme/shop' }, person: null }]
  expect(events.at(-1)).toMatchObject({ type: 'contacts_named', data: { to: end?.seq, contacts } })
  expect(next(state)).toMatchObject({
    do: 'contact_human',
    tellings: [{ address: contacts[0]?.address }, { address: reply_to }],
  })
})
