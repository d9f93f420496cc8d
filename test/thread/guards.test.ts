import { describe, expect, test } from 'vitest'
import type { Lane } from '../../src/thread/lane.ts'
import { holdOf, locksOf, waitOf } from '../../src/thread/lane.ts'
import { next } from '../../src/thread/next.ts'
import type { EnvironmentPolicy } from '../../src/thread/policy.ts'
import { renderThread } from '../../src/thread/prompt.ts'
import type { Rules } from '../../src/thread/rules.ts'
import { transcript } from '../../src/thread/transcript.ts'
import { waitingFor } from '../../src/thread/view.ts'
import * as spec from './spec.ts'

const { approves, asked, facts, given, looked, person, prepared, proposed, responds, rules, runIs, selected, story } =
  spec
const OTHER = { thread_id: '01890a5d-0000-7000-8000-000000000000', title: 'deploy it too' }
const busy: Lane = { holder: OTHER, locks: [] }
const lock = { service: null, environment: 'production', reason: 'moving house', by: 'oncall', since: spec.START }
const lockedBy = (more: object = {}): Lane => ({
  holder: null,
  locks: [{ ...lock, until: '2026-11-24T08:00:00.000Z', thread_id: OTHER.thread_id, ...more }],
})
const inLane =
  (lane: Lane, more: Parameters<typeof prepared>[0] = {}) =>
  (state: Parameters<ReturnType<typeof prepared>>[0]) =>
    ({ ...prepared(more)(state), lane }) as never
const seen = (holder: typeof OTHER | null) => (state: spec.State) =>
  ({ type: 'lane_seen', to: spec.toOf(state), holder }) as const
const by = (environment: string, more: Partial<EnvironmentPolicy>): Rules => {
  const { environments } = rules.policy
  const changed = { ...(environments[environment] as EnvironmentPolicy), ...more }
  return { ...rules, policy: { ...rules.policy, environments: { ...environments, [environment]: changed } } }
}
const approved = [asked(), looked, proposed, prepared(), approves()]

describe('one deployment at a time', () => {
  test('a question says who deploys there now', () =>
    given(asked(), looked, proposed)
      .when(inLane(busy))
      .yields({ type: 'approval_requested', data: { busy: OTHER } }))
  test('an approved step awaits its turn, until its approval expires', () => {
    const awaiting = given(...approved).when(seen(OTHER))
    awaiting.yields({ type: 'turn_awaited', data: { service: 'backend', held_by: OTHER } })
    const state = awaiting.state()
    expect(waitingFor(state)).toMatchObject({
      kind: 'turn',
      service: 'backend',
      environment: 'production',
      held_by: OTHER,
    })
    expect(next(state)).toMatchObject({ do: 'check_lane', service: 'backend', environment: 'production' })
    expect([waitOf(state), holdOf(state)]).toEqual(['run:backend/production', null])
  })
  test('it says nothing while nothing changes', () =>
    given(...approved, seen(OTHER))
      .when(seen(OTHER))
      .yieldsNothing())
  test('it says behind whom it waits now', () =>
    given(...approved, seen(OTHER))
      .when(seen({ ...OTHER, thread_id: spec.THREAD }))
      .yields({ type: 'turn_awaited', data: { held_by: { thread_id: spec.THREAD } } }))
  test('when its turn comes, the facts are looked at once more before it starts', () => {
    const state = given(...approved, seen(OTHER))
      .when(seen(null))
      .state()
    expect(next(state)).toMatchObject({ do: 'prepare', approved: true })
    given(...approved, seen(OTHER), seen(null))
      .when(prepared())
      .yields({ type: 'tool_started' })
  })
  test('and where the other one has changed what is live, people are asked again', () => {
    const live = { tag: 'v1.2.1', sha: 'c'.repeat(40), since: spec.START, url: null }
    given(...approved, seen(OTHER), seen(null))
      .when(prepared({ live }))
      .yields(
        { type: 'approval_superseded', data: { reason: 'drift' } },
        {
          type: 'approval_requested',
          data: { changed: ['production now runs v1.2.1; it ran v1.2.2 when this was approved'] },
        },
      )
  })
  test('the approval runs out meanwhile', () =>
    given(...approved, seen(OTHER))
      .when(seen(null), { later: 3600 })
      .yields({ type: 'approval_expired' }))
  test('words end the wait, and make the approval void', () =>
    given(...approved, seen(OTHER))
      .when(spec.said('stop'))
      .yields({ type: 'approval_superseded', data: { reason: 'message' } }, { type: 'message' }))
  test('where nobody needs to be asked, the wait begins at once, and what changed meanwhile is no reason to ask', () => {
    const waiting = [asked(), looked, spec.toStaging, inLane(busy, { environment: 'staging', stage: null })]
    given(...waiting.slice(0, 3))
      .when(waiting[3] as never)
      .yields({ type: 'approval_waived' }, { type: 'turn_awaited' })
    const live = { tag: 'v1.2.1', sha: 'c'.repeat(40), since: spec.START, url: null }
    const later = given(...waiting, seen(null)).when(prepared({ environment: 'staging', stage: null, live }))
    later.yields({ type: 'approval_superseded' }, { type: 'approval_waived' }, { type: 'tool_started' })
    expect(holdOf(later.state())).toBe('run:backend/staging')
  })
  test('policy may refuse instead, before anybody is asked and after', () => {
    const refuse = { rules: by('production', { busy: 'refuse' }) }
    const refused = {
      type: 'error',
      data: { code: 'environment_busy', message: expect.stringContaining(OTHER.thread_id) },
    }
    given(asked(), looked, proposed).when(inLane(busy), refuse).yields(refused)
    given(...approved)
      .when(seen(OTHER), refuse)
      .yields(refused)
  })
  test('a thread holds its lane from its start to the end of its run, and while nobody knows what became of it', () => {
    const lanes = spec.running.map((_, i) => holdOf(story(spec.running.slice(0, i + 1)).state))
    expect(lanes).toEqual([null, null, null, null, null, 'run:backend/production', 'run:backend/production'])
    expect(
      holdOf(
        given(...spec.running)
          .when(runIs('completed', 'failure'))
          .state(),
      ),
    ).toBeNull()
    const lost = given(...spec.running.slice(0, 6), spec.unclear).when(spec.noRunSeen, { later: 600 })
    expect(holdOf(lost.state())).toBe('run:backend/production')
    expect(
      holdOf(
        given(...spec.running)
          .when(spec.cancels())
          .state(),
      ),
    ).toBe('run:backend/production')
  })
})

describe('a lock', () => {
  const locks = {
    type: 'lock',
    service: 'backend',
    environment: 'production',
    reason: 'moving house',
    expires_in_seconds: 60,
    actor: person('oncall'),
  } as const
  const unlocks = (who: string) => ({ type: 'unlock', reason: 'moved', actor: person(who) }) as const

  test('is a thread that says who, why and until when', () => {
    const { state, events } = story([locks])
    expect(events).toMatchObject([{ type: 'thread_launched' }, { type: 'environment_locked', actor: person('oncall') }])
    expect(state).toMatchObject({ agent: 'lock', status: 'sleeping', until: '2026-11-23T08:01:00.000Z' })
    expect(locksOf(state)).toBe('backend/production')
  })
  test('ends when it expires', () => {
    const ended = given(locks).when(spec.timer, { later: 60 })
    ended.yields({ type: 'environment_unlocked', data: { reason: 'expired' } })
    expect([ended.state().status, locksOf(ended.state())]).toEqual(['done', null])
  })
  test('or when an approver, or whoever locked, unlocks it', () => {
    for (const who of ['lead', 'oncall']) given(locks).when(unlocks(who)).yields({ type: 'environment_unlocked' })
    given(locks).when(unlocks('dev')).isRefused('not_yours_to_answer')
    given({ ...locks, actor: person('dev') })
      .when(unlocks('dev'))
      .leadsTo('done')
    given(locks, unlocks('lead')).when(unlocks('lead')).isRefused('not_locked')
  })
  test('is no conversation', () => {
    given(locks).when(spec.said('hello')).isRefused('is_a_lock')
    given(locks).when(spec.cancels()).isRefused('is_a_lock')
  })
  test.each([
    [{ environment: 'moon' }, 'unknown_place'],
    [{ service: 'constructor' }, 'unknown_place'],
    [{ expires_in_seconds: 91 * 86_400 }, 'bad_expiry'],
    [{ actor: { kind: 'caller', id: 'ci' } }, 'not_yours_to_answer'],
  ] as const)('with %j is refused', (more, code) =>
    given()
      .when({ ...locks, ...more })
      .isRefused(code),
  )

  test('keeps everybody out, whoever would approve', () =>
    given(asked(), looked, proposed)
      .when(inLane(lockedBy()), { rules: by('production', { break_glass: ['lead'] }) })
      .yields({
        type: 'error',
        data: {
          code: 'locked',
          message: expect.stringMatching(/^all of production is locked by oncall until .*moving house$/),
        },
      }))
  test('and comes between an approval and its start', () =>
    given(...approved)
      .when(inLane(lockedBy()))
      .yields({ type: 'error', data: { code: 'locked' } }))
})

describe('a rollback', () => {
  const back = selected({ intent: 'rollback', service: 'backend', tag: 'v1.2.1', environment: 'production' })
  const older = { tag: 'v1.2.1', direction: 'backward' as const }
  const rolling = [asked(), looked, back, prepared(older), approves(), prepared(older), spec.accepted(7)]
  const unlocks = { type: 'unlock', reason: 'fixed', actor: person('lead') } as const

  test('is what going backwards must be called', () => {
    given(asked(), looked, proposed)
      .when(prepared(older))
      .yields({ type: 'error', data: { code: 'goes_backward', message: expect.stringContaining('propose rollback') } })
    given(asked(), looked, back)
      .when(prepared(older))
      .yields({ type: 'approval_requested', data: { direction: 'backward' } })
  })
  test('locks its place when it has succeeded, until a person unlocks it, also when all is done', () => {
    const ended = given(...rolling).when(runIs('completed', 'success'))
    ended.yields(
      { type: 'run_reported' },
      { type: 'rollback_result' },
      { type: 'environment_locked', data: { service: 'backend', environment: 'production', until: null } },
    )
    expect(locksOf(ended.state())).toBe('backend/production')
    const done = [
      ...rolling,
      runIs('completed', 'success'),
      looked,
      selected({ intent: 'done_for_now', message: 'ok' }),
    ]
    const unlocked = given(...done).when(unlocks)
    unlocked.leadsTo('done')
    expect(locksOf(unlocked.state())).toBeNull()
  })
  test('that failed locks nothing', () =>
    given(...rolling)
      .when(runIs('completed', 'failure'))
      .yields({ type: 'run_reported' }, { type: 'error' }, { type: 'rollback_result' }))
  test('may follow a rollback, and nothing else may', () => {
    const left = lockedBy({ by: null, until: null })
    given(asked(), looked, back).when(inLane(left, older)).yields({ type: 'approval_requested' })
    given(asked(), looked, proposed)
      .when(inLane(left))
      .yields({ type: 'error', data: { code: 'locked' } })
    const forward = { direction: 'forward' as const }
    given(asked(), looked, back)
      .when(inLane(left, forward))
      .yields({ type: 'error', data: { code: 'locked' } })
    given(asked(), looked, back)
      .when(inLane(lockedBy(), older))
      .yields({ type: 'error', data: { code: 'locked' } })
  })
})

describe('what the rules forbid for now', () => {
  // START is a Monday, 09:00 in Berlin.
  const freeze = [{ days: ['mon' as const], from: '08:00', to: '12:00', tz: 'Europe/Berlin', reason: 'sale' }]
  const noStage = { stage: { environment: 'staging', succeeded: false } }
  const frozen = 'production is frozen until Mon 2026-11-23 12:00 (Europe/Berlin): sale'

  test('is an error that says all of it, and when it ends', () =>
    given(asked(), looked, proposed)
      .when(prepared(noStage), { rules: by('production', { freeze }) })
      .yields({
        type: 'error',
        data: {
          code: 'frozen',
          message: `${frozen}; backend v1.2.3 (aaaaaaa) has not succeeded on staging, which must come before production`,
        },
      }))
  test('is over when it is over', () =>
    given(asked(), looked, proposed)
      .when(prepared(), { rules: by('production', { freeze }), later: 3 * 3600 })
      .yields({ type: 'approval_requested' }))
  test('comes between an approval and its start', () =>
    given(...approved)
      .when(prepared(), { rules: by('production', { freeze }) })
      .yields({ type: 'error', data: { code: 'frozen' } }))

  describe('but named people may override it', () => {
    const open = by('production', { freeze, break_glass: ['ceo'] })
    const blocked = [asked(), looked, proposed, prepared()]
    const at = (steps: Parameters<typeof story>[0]) => story(steps, open).state
    const ask = given(asked(), looked, proposed).when(prepared(), { rules: open })
    const two = by('production', { freeze, break_glass: ['ceo'], approvals: 2 })

    test('who are asked, and are told what they override', () => {
      ask.yields({
        type: 'approval_requested',
        data: {
          blocked: [{ code: 'frozen', message: frozen }],
          break_glass: ['ceo'],
          approvers: ['lead', 'oncall', 'local', 'ceo'],
        },
      })
      expect(waitingFor(ask.state())).toMatchObject({ blocked: [{ code: 'frozen' }], break_glass: ['ceo'] })
    })
    test('also where nobody needs to be asked otherwise', () =>
      given(asked(), looked, spec.toStaging)
        .when(prepared({ environment: 'staging', stage: null }), {
          rules: by('staging', { freeze, break_glass: ['ceo'] }),
        })
        .yields({ type: 'approval_requested', data: { quorum: 1, break_glass: ['ceo'] } }))
    test('what is overridden is part of what is approved', () => {
      const [usual, overriding] = [story(blocked), story(blocked, open)].map(({ events }) => events.at(-1)?.data)
      expect(usual).toHaveProperty('args_hash')
      expect(overriding).not.toMatchObject({ args_hash: (usual as { args_hash: string }).args_hash })
    })
    test('only with a reason, which is an event of its own', () => {
      spec.from(at(blocked), open).when(approves('ceo')).isRefused('reason_needed')
      spec
        .from(at(blocked), open)
        .when(responds('ceo', { approved: true, comment: ' ' }))
        .isRefused('reason_needed')
      spec
        .from(at(blocked), open)
        .when(responds('ceo', { approved: true, comment: 'the shop is down' }))
        .yields({ type: 'glass_broken', data: { by: 'ceo', reason: 'the shop is down' } }, { type: 'approval_given' })
    })
    test('and nobody else can', () =>
      spec.from(at(blocked), open).when(approves('lead')).isRefused('break_glass_needed'))
    test('of two approvals one must be theirs: the last place is kept for them', () => {
      const one = story([...blocked, approves('lead')], two).state
      spec.from(one, two).when(approves('oncall')).isRefused('break_glass_needed')
      const why = { approved: true, comment: 'fire' }
      const both = story([...blocked, approves('lead'), responds('ceo', why)], two).state
      expect(next(both)).toMatchObject({ do: 'prepare', approved: true })
      const theirs = story([...blocked, responds('ceo', why), approves('lead')], two).state
      expect(next(theirs)).toMatchObject({ do: 'prepare', approved: true })
    })

    const overridden = [...blocked, responds('ceo', { approved: true, comment: 'the shop is down' })]
    test('then it starts, in spite of it, or when it is over', () => {
      spec.from(at(overridden), open).when(prepared()).yields({ type: 'tool_started' })
      spec
        .from(at(overridden), open, 3 * 3600 - 60)
        .when(prepared())
        .yields({ type: 'approval_expired' })
      const nearly = by('production', { freeze: [{ ...freeze[0], to: '09:10' } as never], break_glass: ['ceo'] })
      spec.from(story(overridden, nearly).state, nearly, 900).when(prepared()).yields({ type: 'tool_started' })
    })
    test('what was not there when they were asked makes it void', () => {
      spec
        .from(at(overridden), open)
        .when(prepared(noStage))
        .yields(
          { type: 'approval_superseded', data: { changed: [expect.stringContaining('has not succeeded on staging')] } },
          {
            type: 'approval_requested',
          },
        )
      const soon = by('production', { freeze: [{ ...freeze[0], from: '09:10' } as never], break_glass: ['ceo'] })
      spec
        .from(story(approved, soon).state, soon, 900)
        .when(prepared())
        .yields(
          { type: 'approval_superseded', data: { changed: [`a freeze began: ${frozen}`] } },
          { type: 'approval_requested', data: { blocked: [{ code: 'frozen' }] } },
        )
    })
    test('it is told to the model and to people, loudly', () => {
      const { events } = story(overridden, open)
      for (const text of [renderThread(events), transcript(events)]) {
        expect(text).toContain('glass_broken')
        expect(text).toContain('the shop is down')
        expect(text).toContain(frozen)
      }
    })
  })
})

describe('the workflow file', () => {
  const file = (workflow_sha?: string) => prepared(workflow_sha === undefined ? {} : { workflow_sha })
  const shown = (sha?: string) => [asked(), looked, proposed, file(sha), approves()]
  test('that was changed since makes an approval void', () =>
    given(...shown('1'))
      .when(file('2'))
      .yields(
        {
          type: 'approval_superseded',
          data: { changed: ['the workflow file deploy-backend.yml was changed since this was approved'] },
        },
        { type: 'approval_requested' },
      ))
  test('that was not does not', () =>
    given(...shown('1'))
      .when(file('1'))
      .yields({ type: 'tool_started' }))
  test('of which nothing was known when it was shown does not either', () =>
    given(...shown())
      .when(file('1'))
      .yields({ type: 'tool_started' }))
  test('is part of what is approved', () => {
    const hashes = [facts(), facts({ workflow_sha: '1' })].map(({ workflow_sha }) => {
      const { events } = story(shown(workflow_sha))
      return events.findLast(({ type }) => type === 'approval_requested')?.data
    })
    expect(hashes[0]).not.toMatchObject({ args_hash: (hashes[1] as { args_hash: string }).args_hash })
  })
})
