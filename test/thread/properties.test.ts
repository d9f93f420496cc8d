import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWords } from '../../src/thread/context/budget.ts'
import { EMPTY, windowOf } from '../../src/thread/context/window.ts'
import { decide, place } from '../../src/thread/decide.ts'
import type { Event } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import { rowOf } from '../../src/thread/index-row.ts'
import { type Input, Refused } from '../../src/thread/input.ts'
import { renderPrompt } from '../../src/thread/prompt.ts'
import { runOf, type ThreadState } from '../../src/thread/state.ts'
import type { Step } from '../../src/thread/step.ts'
import { after } from '../../src/thread/time.ts'
import { transcript } from '../../src/thread/transcript.ts'
import { viewOf } from '../../src/thread/view.ts'
import { anyText } from '../support/any-text.ts'
import {
  accepted,
  asked,
  call,
  cancels,
  looked,
  noRunSeen,
  person,
  policy,
  prepared,
  refusedByGitHub,
  responds,
  rules,
  runIs,
  START,
  said,
  THREAD,
  timer,
  toldLater,
  toOf,
  toolFails,
  unclear,
} from './spec.ts'

type Move = Input | ((state: ThreadState) => Input)

const people = fc.constantFrom('lead', 'oncall', 'ceo', 'dev', 'local')
const words = fc.oneof(fc.constantFrom('deploy', 'stop', 'use v1.2.2'), anyText())
const name = fc.constantFrom('staging', 'production', 'vault', 'moon', '__proto__')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ intent: fc.constantFrom('done_for_now' as const, 'nothing_to_do' as const), message: words }),
  fc.record({ intent: fc.constant('request_more_information' as const), question: words }),
  fc.record({ intent: fc.constant('wait' as const), seconds: fc.oneof(fc.integer(), fc.double()), reason: words }),
  fc.record({
    intent: fc.constantFrom('deploy_backend' as const, 'deploy_frontend' as const),
    tag: words,
    environment: name,
  }),
  fc.record({ intent: fc.constant('rollback' as const), service: name, tag: words, environment: name }),
  fc.constant({ intent: 'list_git_tags' as const }),
)
const drift = fc.record({
  environment: name,
  sha: fc.constantFrom('a'.repeat(40), 'c'.repeat(40)),
  stage: fc.constantFrom(null, { environment: 'staging', succeeded: false }),
})

/** What a thread that goes well would meet next. */
const fitting =
  (by: string, environment: string): Move =>
  (state) => {
    switch (state.status) {
      case 'running':
        if (state.pending?.do === 'dispatch') return accepted(7)(state)
        if (state.pending) return prepared(targetFacts(state))(state)
        if (state.facts_stale) return looked
        return {
          type: 'step_selected',
          step: { intent: 'deploy_backend', tag: 'v1', environment },
          seen: state.last_words,
          call,
        }
      case 'awaiting_approval':
        return responds(by, { approved: true })(state)
      case 'awaiting_human':
        return responds(by, { response: 'go on' })(state)
      case 'awaiting_run':
        return runIs(state.run.report ? 'completed' : 'in_progress', 'success')(state)
      case 'sleeping':
        return state.turn ? { type: 'lane_seen', to: toOf(state), holder: null } : timer
      default:
        return timer
    }
  }

/** Moves that mostly fit, so that runs get far, and often do not, so that everything meets everything. */
const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 25, arbitrary: fc.tuple(people, name).map(([by, environment]) => fitting(by, environment)) },
  { weight: 3, arbitrary: fc.constant<Move>(looked) },
  {
    weight: 4,
    arbitrary: step.map(
      (s): Move =>
        (state) => ({ type: 'step_selected', step: s, seen: state.last_words, call }),
    ),
  },
  { weight: 3, arbitrary: fc.constant<Move>((state) => prepared(targetFacts(state))(state)) },
  { weight: 1, arbitrary: drift.map((d): Move => prepared(d)) },
  { weight: 4, arbitrary: people.map((by): Move => responds(by, { approved: true })) },
  { weight: 1, arbitrary: fc.tuple(people, words).map(([by, response]): Move => responds(by, { response })) },
  { weight: 1, arbitrary: people.map((by): Move => responds(by, { approved: false })) },
  { weight: 1, arbitrary: fc.tuple(people, name).map(([by, tag]): Move => responds(by, { args: { tag } })) },
  {
    weight: 1,
    arbitrary: fc
      .nat(30)
      .map((to): Move => ({ type: 'respond', to, approved: true, actor: { kind: 'person', id: 'lead' } })),
  },
  { weight: 1, arbitrary: words.map((w): Move => said(w)) },
  {
    weight: 3,
    arbitrary: fc.constantFrom({ thread_id: 'other', title: 't' }, null).map(
      (holder): Move =>
        (state) => ({ type: 'lane_seen', to: toOf(state), holder }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(people, words).map(([by, reason]): Move => ({ type: 'unlock', reason, actor: person(by) })),
  },
  { weight: 2, arbitrary: fc.constantFrom<Move>(accepted(7), accepted(null), refusedByGitHub, toldLater, unclear) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Move>(
      runIs('queued'),
      runIs('in_progress'),
      runIs('completed', 'success'),
      runIs('completed', 'failure'),
      noRunSeen,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Move>(toolFails('x'), toolFails('x', 10), {
      type: 'model_failed',
      code: 'x',
      message: '',
      call,
    }),
  },
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom(7, 7, 8), fc.constantFrom(1, 1, 2)).map((run) => claims(...run)) },
  { weight: 2, arbitrary: fc.constant<Move>(timer) },
  { weight: 1, arbitrary: fc.constantFrom<Move>(cancels(), asked()) },
)

const claims =
  (run_id: number, attempt: number): Move =>
  (state) => ({
    type: 'claim',
    dispatch_id: runOf(state)?.dispatch_id ?? 'none',
    run_id,
    attempt,
    sha: 'e'.repeat(40),
    workflow_ref: 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/main',
    actor: { kind: 'caller', id: 'workflow' },
  })

const targetFacts = (state: ThreadState) => {
  const pending = state.status === 'running' ? state.pending : null
  if (pending?.do === 'recheck') return pending.proposal
  return pending?.do === 'prepare' ? { environment: pending.step.environment } : {}
}

/** Plays the moves, whatever they are, and returns the log they made. */
const play = (moves: [Move, number][]): Event[] => {
  let at = START
  let events = place(decide({ ...asked(), at }, null, rules), THREAD, 0, at)
  for (const [choice, pause] of moves) {
    at = after(at, pause)
    const state = fold(events)
    if (!state) throw new Error('launched, and yet not there')
    const input = typeof choice === 'function' ? choice(state) : choice
    try {
      events = [...events, ...place(decide({ ...input, at }, state, rules), THREAD, events.length, at)]
    } catch (error) {
      if (!(error instanceof Refused)) throw error
    }
  }
  return events
}

const log = fc.array(fc.tuple(move, fc.constantFrom(0, 1, 30, 700)), { maxLength: 60, size: 'max' }).map(play)
const check = (property: (events: Event[]) => void) =>
  fc.assert(
    fc.property(log, (events) => {
      property(events)
    }),
    { numRuns: 400 },
  )

describe('whatever comes in, in whatever order', () => {
  test('decide refuses or decides, and every log it makes can be read', () => check((events) => void fold(events)))

  test('places in the log have no gap and no duplicate', () =>
    check((events) => expect(events.map(({ seq }) => seq)).toEqual(events.map((_, i) => i + 1))))

  test('folding in two halves equals folding at once', () =>
    fc.assert(
      fc.property(log, fc.nat(), (events, n) => {
        const at = n % (events.length + 1)
        expect(fold(events.slice(at), fold(events.slice(0, at)))).toEqual(fold(events))
      }),
      { numRuns: 200 },
    ))

  test('a log survives being written as JSON', () =>
    check((events) =>
      expect(fold(JSON.parse(JSON.stringify(events)))).toEqual(JSON.parse(JSON.stringify(fold(events)))),
    ))

  test('nothing starts without enough approvals, in time, of the very same hash', () =>
    check((events) => {
      for (const start of events) if (start.type === 'tool_started') expect(approvalsOf(start, events)).toBe('enough')
    }))

  test('a dispatch id is used once, and a thread starts no more than policy grants', () =>
    check((events) => {
      const ids = events.flatMap((event) => (event.type === 'tool_started' ? [event.data.dispatch_id] : []))
      expect(new Set(ids).size).toBe(ids.length)
      expect(fold(events)?.dispatches).toBeGreaterThanOrEqual(0)
    }))

  test('a run that is completed stays completed', () =>
    check((events) => {
      const over = new Set<string>()
      for (const event of events) {
        if (event.type !== 'run_reported') continue
        expect(over.has(event.data.dispatch_id)).toBe(false)
        if (event.data.status === 'completed') over.add(event.data.dispatch_id)
      }
    }))

  test('a dispatch is claimed by one run, in flight, and no other run is followed from then on', () =>
    check((events) => {
      for (const claim of events) {
        if (claim.type !== 'dispatch_claimed') continue
        const { dispatch_id, run_id } = claim.data
        const lost = events.find(({ type, seq }) => type === 'dispatch_unknown' && seq > claim.seq)
        const since = events.filter(({ seq }) => seq > claim.seq && seq < (lost?.seq ?? Number.POSITIVE_INFINITY))
        expect(started(events.slice(0, claim.seq))).toBe(dispatch_id)
        for (const { type, data } of since) {
          if (type === 'dispatch_claimed') expect(data.dispatch_id).not.toBe(dispatch_id)
          if (type === 'run_reported' && data.dispatch_id === dispatch_id) expect(data.run_id).toBe(run_id)
        }
      }
    }))

  test('every thread can be shown, told and prompted, and knows when it is due', () =>
    check((events) => {
      const state = fold(events)
      expect(viewOf(events).version).toBe(events.length)
      expect(transcript(events)).toContain(THREAD)
      expect(renderPrompt(events, policy).thread).toContain('<message>')
      expect(rowOf(events, START).status).toBe(state?.status)
    }))

  test('what a model reads is the same however it was rendered, and grows at its end until people speak', () =>
    check((events) => {
      let window = EMPTY
      let before = ''
      for (const [i, event] of events.entries()) {
        const seen = events.slice(0, i)
        window = windowOf(seen, window)
        const { text } = window
        expect(text).toBe(windowOf(asStored(seen)).text)
        if (isWords(event)) before = ''
        if (event.actor.kind !== 'model') continue
        expect(text.startsWith(before)).toBe(true)
        before = text
      }
    }))

  test('many of these logs do get as far as a run', () => {
    const far = fc.sample(log, 300).filter((events) => events.some(({ type }) => type === 'dispatch_accepted'))
    expect(far.length).toBeGreaterThan(60)
    expect(far.filter((events) => events.some(({ type }) => type === 'dispatch_claimed')).length).toBeGreaterThan(10)
  })
})

/** With keys in the order in which jsonb gives them back. */
const asStored = (value: Event[]): Event[] =>
  JSON.parse(JSON.stringify(value), (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1)))
      : item,
  )

const started = (events: Event[]): string | undefined =>
  events.flatMap((event) => (event.type === 'tool_started' ? [event.data.dispatch_id] : [])).at(-1)

/** An independent reading of the log: does what it says before `start` allow it? */
const approvalsOf = (start: Extract<Event, { type: 'tool_started' }>, events: Event[]): string => {
  const before = events.filter(({ seq }) => seq < start.seq)
  const asked_ = before.findLast((event) => event.type === 'approval_requested' || event.type === 'approval_waived')
  if (!asked_ || asked_.data.args_hash !== start.data.args_hash) return 'another hash'
  const { type, data, seq } = asked_
  if (type === 'approval_waived')
    return policy.environments[data.environment]?.approvals === 0 ? 'enough' : 'waived wrongly'
  if (Date.parse(start.at) >= Date.parse(data.expires_at)) return 'expired'
  const since = before.filter((event) => event.seq > seq)
  if (since.some(({ type }) => type === 'message' || type === 'approval_denied' || type === 'cancelled')) return 'void'
  const yes = since.flatMap((event) =>
    event.type === 'approval_given' && event.data.args_hash === data.args_hash ? [event] : [],
  )
  const who = new Set(yes.flatMap(({ actor }) => (actor.kind === 'person' ? [actor.id] : [])))
  if ([...who].some((id) => !data.approvers.includes(id))) return 'by a stranger'
  return who.size >= data.quorum ? 'enough' : 'too few'
}
