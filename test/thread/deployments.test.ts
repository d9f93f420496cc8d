import { describe, expect, test } from 'vitest'
import { deploymentsIn } from '../../src/thread/deployments.ts'
import type { Event } from '../../src/thread/event.ts'
import { forkOf } from '../../src/thread/fork.ts'
import {
  accepted,
  approves,
  asked,
  call,
  later,
  looked,
  person,
  prepared,
  proposed,
  runIs,
  START,
  said,
  story,
} from './spec.ts'

const asking = [asked(), looked, proposed, prepared()]
const started = [later(63, approves('oncall')), later(64, prepared()), later(65, accepted(7))]
const whole = (conclusion: string) => story([...asking, ...started, later(95, runIs('completed', conclusion))]).events

describe('how a deployment ended', () => {
  test('is told with who asked and approved, what it brought and replaced, and what it took', () => {
    const [one, ...more] = deploymentsIn(whole('success'))
    expect(more).toEqual([])
    expect(one).toMatchObject({
      kind: 'deploy',
      service: 'backend',
      environment: 'production',
      tag: 'v1.2.3',
      status: 'success',
      replaced_tag: 'v1.2.2',
      asked_by: 'dev',
      approved_by: ['oncall'],
      first_commit_at: START,
      commits: 1,
      waited_ms: 60_000,
      model_calls: 1,
      input_tokens: 1,
      at: '2026-11-23T08:01:35.000Z',
    })
  })

  test('is told of a run that failed too', () =>
    expect(deploymentsIn(whole('failure'))).toMatchObject([{ status: 'failure' }]))

  test('is told once: not again of what is in the log already, nor by a copy of it', () => {
    const events = whole('success')
    const [{ seq } = { seq: 0 }] = deploymentsIn(events)
    expect(deploymentsIn(events, seq - 1)).toHaveLength(1)
    expect(deploymentsIn(events, seq)).toEqual([])
    expect(deploymentsIn(forkOf(events, events.length, { id: 'copy', actor: person('dev'), at: START }))).toEqual([])
  })

  test('says what its calls cost, as far as that is known', () => {
    const costing = (cost: number | null): Event[] =>
      whole('success').map((event) =>
        event.actor.kind === 'model' ? { ...event, actor: { ...event.actor, cost } } : event,
      )
    expect(deploymentsIn(costing(0.002))).toMatchObject([{ model_cost: 0.002 }])
    expect(deploymentsIn(costing(null))).toMatchObject([{ model_cost: null }])
    const judged = costing(0.002).map((event) =>
      event.type === 'approval_requested'
        ? { ...event, data: { ...event.data, judged: { ...call, cost: 0.001 } } }
        : event,
    )
    expect(deploymentsIn(judged)).toMatchObject([{ model_cost: 0.003, model_calls: 2 }])
  })

  test('of a second one in the same thread counts only what came after the first', () => {
    const again = [later(200, said('once more')), later(201, proposed), later(202, prepared())]
    const approved = [later(212, approves()), later(213, prepared()), later(214, accepted(7))]
    const steps = [...asking, ...started, later(95, runIs('completed', 'success'))]
    const events = story([...steps, ...again, ...approved, later(230, runIs('completed', 'success'))]).events
    expect(deploymentsIn(events).map(({ waited_ms }) => waited_ms)).toEqual([60_000, 10_000])
    expect(deploymentsIn(events).map(({ model_calls }) => model_calls)).toEqual([1, 1])
  })
})
