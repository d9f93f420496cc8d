import { describe, expect, test } from 'vitest'
import type { GateFacts, GateRequest } from '../../src/thread/event.ts'
import type { Input } from '../../src/thread/input.ts'
import { holdOf, type Lane, waitOf } from '../../src/thread/lane.ts'
import { next } from '../../src/thread/next.ts'
import type { EnvironmentPolicy } from '../../src/thread/policy.ts'
import type { Rules } from '../../src/thread/rules.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { accepted, approves, free, given, person, prepared, responds, rules, START, story, toldLater } from './spec.ts'

const SHA = 'c'.repeat(40)
const OTHER = { thread_id: '01890a5d-0000-7000-8000-000000000000', title: 'deploy it too' }
const run = {
  run_id: 7,
  attempt: 1,
  title: 'Deploy',
  event: 'push',
  requested_by: 'ann',
  html_url: 'http://github.test/runs/7',
}
const request: GateRequest = {
  ...run,
  repository: 'acme/shop',
  environment: 'production',
  workflow: 'deploy-backend.yml',
  ref: 'main',
  sha: SHA,
  service: 'backend',
}
const asks: Input = { type: 'launch', agent: 'gate', message: 'May it?', gate: request, actor: person('dev') }
const busy: Lane = { holder: OTHER, locks: [] }
const locked: Lane = {
  holder: null,
  locks: [
    {
      service: null,
      environment: 'production',
      reason: 'moving house',
      by: 'oncall',
      since: START,
      until: null,
      thread_id: OTHER.thread_id,
    },
  ],
}
const read =
  (lane: Lane = free, more: Partial<GateFacts> = {}) =>
  (state: ThreadState): Input => {
    const gate: GateFacts = { ...run, commit_by: 'run', dispatched_by: null, ...more }
    return { ...prepared({ sha: SHA, tag: SHA, gate })(state), lane } as Input
  }
const own = { dispatched_by: { thread_id: OTHER.thread_id, dispatch_id: `${OTHER.thread_id}-9` } }
const production = (more: Partial<EnvironmentPolicy>): Rules => {
  const { environments } = rules.policy
  const changed = { ...(environments['production'] as EnvironmentPolicy), ...more }
  return { ...rules, policy: { ...rules.policy, environments: { ...environments, production: changed } } }
}
const freeze = [{ days: ['mon' as const], from: '08:00', to: '12:00', tz: 'Europe/Berlin', reason: 'sale' }]
const frozen = production({ freeze })
const glass = production({ freeze, break_glass: ['ceo'] })

describe('a run that somebody started keeps to the guard rails, as a deployment does', () => {
  test('it says who deploys there now, and awaits its turn with its yes', () => {
    given(asks)
      .when(read(busy))
      .yields({ type: 'approval_requested', data: { busy: OTHER } })
    const awaiting = given(asks, read(), approves()).when(read(busy))
    awaiting.yields({ type: 'turn_awaited', data: { held_by: OTHER } })
    expect(waitOf(awaiting.state())).toBe('run:backend/production')
  })
  test('let on, it holds its place until it has ended', () => {
    expect(holdOf(story([asks, read(), approves(), read(), accepted(7)]).state)).toBe('run:backend/production')
  })
  test('where policy lets nobody wait, where it is locked, and in a freeze it is turned away', () => {
    given(asks)
      .when(read(busy), { rules: production({ busy: 'refuse' }) })
      .yields({ type: 'error', data: { code: 'environment_busy' } }, { type: 'close_gate' })
    given(asks)
      .when(read(locked))
      .yields(
        { type: 'error', data: { code: 'locked' } },
        { type: 'close_gate', data: { reason: expect.stringContaining('moving house') } },
      )
    given(asks)
      .when(read(), { rules: frozen })
      .yields({ type: 'error', data: { code: 'frozen' } }, { type: 'close_gate' })
  })
  test('named people may let it on in spite of a freeze, and say why', () => {
    const blocked = given(asks).when(read(), { rules: glass })
    blocked.yields({ type: 'approval_requested', data: { blocked: [{ code: 'frozen' }], break_glass: ['ceo'] } })
  })
})

describe('a run of our own was judged when it was started', () => {
  test('its thread is in the lane with it: it waits for nobody', () => {
    given(asks).when(read(busy, own)).yields({ type: 'approval_waived' }, { type: 'tool_started' })
  })
  test('and a freeze or a lock that began since does not stop it halfway', () => {
    given(asks).when(read(free, own), { rules: frozen }).yields({ type: 'approval_waived' }, { type: 'tool_started' })
    given(asks).when(read(locked, own)).yields({ type: 'approval_waived' }, { type: 'tool_started' })
  })
  test('it holds no place of its own, and what reads it again looks at GitHub', () => {
    expect(holdOf(story([asks, read(free, own)]).state)).toBeNull()
    const { state } = story([asks, read(free, own), toldLater])
    expect(waitOf(state)).toBeNull()
    expect(next(state)).toMatchObject({ do: 'rest' })
  })
})

test('a yes alone does not break the glass', () => {
  const { events } = story([asks, read()], glass)
  expect(events.at(-1)?.type).toBe('approval_requested')
  const asked = (answer: object) => () => story([asks, read(), responds('lead', answer)], glass)
  expect(asked({ approved: true })).toThrow(expect.objectContaining({ code: 'break_glass_needed' }))
})
