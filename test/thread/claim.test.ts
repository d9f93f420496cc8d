import { describe, expect, test } from 'vitest'
import { claimedOf } from '../../src/thread/claim.ts'
import { decide, place } from '../../src/thread/decide.ts'
import { fold } from '../../src/thread/evolve.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import { runOf, type ThreadState } from '../../src/thread/state.ts'
import { after } from '../../src/thread/time.ts'
import {
  accepted,
  approves,
  asked,
  cancels,
  dispatchId,
  given,
  looked,
  noRunSeen,
  prepared,
  proposed,
  refusedByGitHub,
  responds,
  rules,
  runIs,
  story,
  THREAD,
  toldLater,
  unclear,
} from './spec.ts'

const dispatching = [asked(), looked, proposed, prepared(), approves(), prepared()] as const
const WORKFLOW = 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/main'
const MINUTES = 60

interface Claiming {
  attempt?: number
  workflow_ref?: string
  dispatch_id?: string
}
const claims =
  (run_id = 7, { attempt = 1, workflow_ref = WORKFLOW, dispatch_id }: Claiming = {}) =>
  (state: ThreadState): Input => ({
    type: 'claim',
    dispatch_id: dispatch_id ?? inFlight(state),
    run_id,
    attempt,
    sha: 'e'.repeat(40),
    workflow_ref,
    actor: { kind: 'caller', id: workflow_ref, via: `github actions run ${run_id}` },
  })
const inFlight = (state: ThreadState): string => runOf(state)?.dispatch_id ?? dispatchId(state)
const report =
  (run_id: number) =>
  (state: ThreadState): Input => {
    const seen = runIs('queued')(state)
    return seen.type === 'run_seen' && seen.run ? { ...seen, run: { ...seen.run, run_id } } : seen
  }

describe('the first run that claims a dispatch', () => {
  test('is written down, and hears what was approved', () => {
    const won = given(...dispatching, accepted(7)).when(claims(7))
    won.yields({ type: 'dispatch_claimed', data: { run_id: 7, attempt: 1 }, actor: { kind: 'caller', id: WORKFLOW } })
    expect(claimedOf(won.state())).toEqual({
      thread_id: THREAD,
      dispatch_id: `${THREAD}-8`,
      run_id: 7,
      service: 'backend',
      environment: 'production',
      tag: 'v1.2.3',
      sha: 'a'.repeat(40),
      approved_by: ['lead'],
    })
  })
  test('may ask again, and changes nothing by it', () =>
    given(...dispatching, accepted(7), claims(7))
      .when(claims(7))
      .yieldsNothing())
  test('is not asked about at GitHub under another number', () =>
    expect(next(story([...dispatching, unclear, claims(9)]).state)).toMatchObject({ do: 'check_run', run_id: 9 }))
  test('may be followed to its end', () =>
    given(...dispatching, accepted(7), claims(7))
      .when(runIs('completed', 'success'))
      .yields({ type: 'run_reported' }, { type: 'deploy_backend_result', data: { status: 'success' } }))
})

describe('told to stop is', () => {
  test('another run, once one has claimed it', () =>
    given(...dispatching, unclear, claims(7))
      .when(claims(8))
      .isRefused('claimed_by_another_run'))
  test('another run than the one that GitHub named', () =>
    given(...dispatching, accepted(7))
      .when(claims(8))
      .isRefused('claimed_by_another_run'))
  test('a second attempt, of the same run too', () => {
    given(...dispatching, accepted(7))
      .when(claims(7, { attempt: 2 }))
      .isRefused('new_approval_needed')
    given(...dispatching, accepted(7), claims(7))
      .when(claims(7, { attempt: 2 }))
      .isRefused('new_approval_needed')
  })
  test.each([
    ['another file', 'acme/shop/.github/workflows/deploy-frontend.yml@refs/heads/main'],
    ['another branch, where the file may say anything', 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/x'],
    ['a branch whose name ends alike', 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/x/main'],
    ['another repository', 'evil/shop/.github/workflows/deploy-backend.yml@refs/heads/main'],
    ['a pull request', 'acme/shop/.github/workflows/deploy-backend.yml@refs/pull/1/merge'],
    ['a file in another case', 'acme/shop/.github/workflows/Deploy-Backend.yml@refs/heads/main'],
    ['nothing of the kind', 'x'],
  ])('a run of %s', (_, workflow_ref) =>
    given(...dispatching, accepted(7))
      .when(claims(7, { workflow_ref }))
      .isRefused('not_the_approved_workflow'),
  )
  test('a run for a dispatch of this thread that is not in flight', () => {
    const other = claims(7, { dispatch_id: `${THREAD}-7` })
    given(...dispatching, accepted(7))
      .when(other)
      .isRefused('not_in_flight')
    given(asked(), looked).when(other).isRefused('not_in_flight')
  })
  test('a run of a thread that was cancelled', () => {
    given(...dispatching, accepted(7), cancels())
      .when(claims(7))
      .isRefused('not_in_flight')
    given(...dispatching, unclear, cancels())
      .when(claims(7))
      .isRefused('not_in_flight')
  })
  test('a run that has ended', () => {
    const id = `${THREAD}-8`
    given(...dispatching, accepted(7), claims(7), runIs('completed', 'success'))
      .when(claims(7, { dispatch_id: id }))
      .isRefused('not_in_flight')
  })
  test('a run of a dispatch that GitHub put off or refused', () => {
    const id = `${THREAD}-8`
    for (const answer of [toldLater, refusedByGitHub]) {
      given(...dispatching, answer)
        .when(claims(7, { dispatch_id: id }))
        .isRefused('not_in_flight')
    }
  })
})

describe('a claim that is faster than the answer to our own POST', () => {
  const early = [...dispatching, claims(7)] as const
  test('leaves the thread waiting for that answer', () => {
    const { state } = story([...early])
    expect(next(state)).toMatchObject({ do: 'dispatch' })
    expect(runOf(state)).toMatchObject({ run_id: 7, claimed: true })
  })
  test.each([
    ['names it', accepted(7), { run_id: 7, html_url: 'http://github.test/runs/7' }],
    ['names none', accepted(null), { run_id: 7, html_url: null }],
    ['names another, which will be told to stop', accepted(8), { run_id: 7, html_url: null }],
    ['is lost', unclear, { run_id: 7 }],
  ])('keeps its run where the answer %s', (_, answer, run) => {
    const { state } = story([...early, answer])
    expect(state).toMatchObject({ status: 'awaiting_run', run })
  })
  test.each([
    ['refused', refusedByGitHub],
    ['put off', toldLater],
  ])('is believed where GitHub says that the dispatch was %s', (_, answer) =>
    given(...early)
      .when(answer)
      .yields({ type: 'dispatch_unclear', data: { reason: expect.stringContaining('run 7 claimed it') } }),
  )
  test('the answer is still written down, once', () => {
    given(...early)
      .when(accepted(7))
      .yields({ type: 'dispatch_accepted' })
    given(...early, accepted(7))
      .when(accepted(7))
      .yieldsNothing()
  })
})

describe('a dispatch that nobody knows the fate of', () => {
  test('is settled by its own run, at once', () => {
    const { state } = story([...dispatching, unclear, claims(9)])
    expect(state).toMatchObject({ status: 'awaiting_run', run: { run_id: 9 } })
  })
  test('is not followed to another run of that name', () =>
    given(...dispatching, unclear, claims(9))
      .when(report(8))
      .yieldsNothing())

  /** Minutes later, when a person has been asked; and what one more input makes of that. */
  const asking = given(...dispatching, unclear)
    .when(noRunSeen, { later: 5 * MINUTES })
    .state()
  const then = (state: ThreadState, input: Input): ThreadState => {
    const at = after(state.updated_at, 1)
    const more = place(decide({ ...input, at }, state, rules), state.id, state.version, at)
    return fold(more, state) ?? state
  }
  test('takes the question from the person who was asked', () => {
    expect(asking.status).toBe('awaiting_human')
    const settled = then(asking, claims(9)(asking))
    expect(settled).toMatchObject({ status: 'awaiting_run', run: { run_id: 9 } })
    const answer = responds('lead', { choice: 'stop here' })(asking)
    expect(() => then(settled, answer)).toThrow(expect.objectContaining({ code: 'superseded' }))
  })
  test('that a person had dispatched again stays with the new one', () => {
    const again = then(asking, responds('lead', { choice: 'it did not run: dispatch again' })(asking))
    const started = then(again, prepared()(again))
    expect(runOf(started)?.dispatch_id).not.toBe(runOf(asking)?.dispatch_id)
    expect(() => then(started, claims(9)(asking))).toThrow(expect.objectContaining({ code: 'not_in_flight' }))
  })
})
