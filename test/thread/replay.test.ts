import { describe, expect, test } from 'vitest'
import type { Policy } from '../../src/thread/policy.ts'
import { agreesWith, sameDecision } from '../../src/thread/replay/agree.ts'
import { callsIn, type Label } from '../../src/thread/replay/calls.ts'
import { deploymentsIn, successesIn } from '../../src/thread/replay/deployments.ts'
import { verdictOn } from '../../src/thread/replay/verdict.ts'
import type { Step } from '../../src/thread/step.ts'
import {
  approves,
  asked,
  looked,
  policy,
  prepared,
  proposed,
  rejects,
  responds,
  runIs,
  running,
  START,
  said,
  selected,
  story,
  toStaging,
} from './spec.ts'

const step: Step = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }
const other: Step = { ...step, tag: 'v1.2.2' }
const asks: Step = { intent: 'request_more_information', question: 'Which tag?' }
const labelsOf = (...moves: Parameters<typeof story>[0]) => callsIn(story(moves).events).map(({ label }) => label)

describe("people's answers are the labels of a past call", () => {
  test('an approval that led to a start', () =>
    expect(labelsOf(...running)).toEqual([{ people: 'approved', by: ['lead'] }]))
  test('a rejection, with its words', () =>
    expect(labelsOf(asked(), looked, proposed, prepared(), rejects('use v1.2.2'))).toEqual([
      { people: 'rejected', by: 'lead', comment: 'use v1.2.2' },
    ]))
  test('an edit, with what it became', () =>
    expect(labelsOf(asked(), looked, proposed, prepared(), responds('lead', { args: { tag: 'v1.2.2' } }))).toEqual([
      { people: 'edited', by: 'lead', into: other },
    ]))
  test('of several edits the last', () => {
    const edit = (by: string, tag: string) => responds(by, { args: { tag } })
    const moves = [asked(), looked, proposed, prepared(), edit('oncall', 'v1.2.4'), prepared({ tag: 'v1.2.4' })]
    expect(labelsOf(...moves, edit('lead', 'v1.2.2'))).toEqual([{ people: 'edited', by: 'lead', into: other }])
  })
  test.each([
    ['a proposal that nobody answered', [asked(), looked, proposed, prepared()]],
    ['one that words overtook', [asked(), looked, proposed, prepared(), said('wait')]],
    ['an approval that was overtaken before the start', [asked(), looked, proposed, prepared(), approves(), said('x')]],
    ['one that needed no approval', [asked(), looked, toStaging, prepared({ environment: 'staging', stage: null })]],
    ['a question', [asked(), looked, selected(asks)]],
  ])('%s is none', (_, moves) => expect(labelsOf(...moves)).toEqual([null]))

  test('each call is known with what stood before it', () => {
    const { events } = story([
      asked(),
      looked,
      selected(asks),
      responds('dev', { response: 'v1.2.3' }),
      looked,
      proposed,
    ])
    expect(callsIn(events)).toMatchObject([
      { seq: 5, decision: { step: asks } },
      { seq: 9, decision: { step } },
    ])
  })
})

describe('two decisions', () => {
  test.each<[string, Step, Step, boolean]>([
    [
      'are the same, whatever the order of their fields',
      step,
      { environment: 'production', tag: 'v1.2.3', intent: 'deploy_backend' },
      true,
    ],
    ['differ by a tag', step, other, false],
    ['that ask are the same in other words', asks, { ...asks, question: 'Which one?' }, true],
    [
      'that wait differ by how long',
      { intent: 'wait', seconds: 1, reason: '' },
      { intent: 'wait', seconds: 2, reason: '' },
      false,
    ],
    [
      'that look differ by nothing that is not given',
      { intent: 'check_deployment_status' },
      { intent: 'check_deployment_status', service: null },
      true,
    ],
  ])('%s', (_, a, b, same) => expect(sameDecision({ step: a }, { step: b })).toBe(same))

  test('agree with people or not', () => {
    const was = { step }
    const approved: Label = { people: 'approved', by: ['lead'] }
    const rejected: Label = { people: 'rejected', by: 'lead', comment: '' }
    const edited: Label = { people: 'edited', by: 'lead', into: other as never }
    const agreed = (label: Label) => [step, other, asks].map((now) => agreesWith(label, was, { step: now }))
    expect(agreed(approved)).toEqual([true, false, false])
    expect(agreed(rejected)).toEqual([false, true, true])
    expect(agreed(edited)).toEqual([false, true, false])
    expect(agreesWith(approved, was, { code: 'model_unreadable' })).toBe(false)
  })
})

describe('a deployment of the past, under other rules', () => {
  const shipped = story([...running, runIs('completed', 'success')]).events
  const [past] = deploymentsIn(shipped)
  const under = (change: Partial<Policy['environments'][string]>, before = successesIn([])) => {
    if (!past) throw new Error('nothing was started')
    const production = { ...policy.environments['production'], ...change } as Policy['environments'][string]
    return verdictOn(past, { ...policy, environments: { ...policy.environments, production } }, before)
  }

  test('is known with its facts, approvals and whoever asked', () =>
    expect(past).toMatchObject({ step, approved_by: ['lead'], requesters: ['dev'], proposal: { tag: 'v1.2.3' } }))
  test('stays as it was under its own', () => expect(under({})).toEqual([]))
  test('would have been kept back by a freeze', () =>
    expect(under({ freeze: [{ first: '2026-11-23', last: '2026-11-23', tz: 'UTC', reason: 'inventory' }] })).toEqual([
      'production is frozen until Tue 2026-11-24 00:00 (UTC): inventory',
    ]))
  test('but not by a freeze of another day', () =>
    expect(under({ freeze: [{ first: '2026-11-24', last: '2026-11-24', tz: 'UTC', reason: 'inventory' }] })).toEqual(
      [],
    ))
  test('would have needed another approval', () =>
    expect(under({ approvals: 2 })).toEqual(['needs 2 approvals, and of those given (lead) 1 would count']))
  test('or another approver', () =>
    expect(under({ approvers: ['ceo'] })).toEqual(['needs 1 approval, and of those given (lead) 0 would count']))
  test('would have been kept back by a stage where the commit has never been', () => {
    expect(under({ after: 'vault' })).toEqual([expect.stringMatching(/has not succeeded on vault/)])
    const success = { service: 'backend', environment: 'vault', sha: 'a'.repeat(40), at: START }
    expect(under({ after: 'vault' }, [success])).toEqual([])
  })
  test('would not have been where there is no such environment', () => {
    if (!past) throw new Error('nothing was started')
    const { staging } = policy.environments
    expect(verdictOn(past, { ...policy, environments: { ...(staging && { staging }) } }, [])).toEqual([
      'there is no environment "production"; there are: staging',
    ])
  })
  test('is among what ended well afterwards', () =>
    expect(successesIn(shipped)).toMatchObject([
      { service: 'backend', environment: 'production', sha: 'a'.repeat(40) },
    ]))
})
