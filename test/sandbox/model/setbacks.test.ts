import { describe, expect, test } from 'vitest'
import { ASKED, answer, asked, backend, choice, proposes, question, ships, yesOrNo } from './expects.ts'
import { agrees, answers, deploys, fails, picks, type Told, whenAsked } from './told.ts'

describe('a run that failed', () => {
  const failed = ships('backend', 'v1.2.3', 'failure')
  test('is for a person to decide', () =>
    expect(whenAsked(ASKED, ...failed)).toEqual(
      choice('v1.2.3 on production failed', ['try again', 'roll back', 'leave it']),
    ))
  test('so is one that was cancelled', () =>
    expect(whenAsked(ASKED, ...ships('backend', 'v1.2.3', 'cancelled'))).toEqual(
      choice('was cancelled', ['try again', 'roll back', 'leave it']),
    ))
  test.each<[string, object]>([
    ['try again', backend],
    ['roll back', { ...backend, intent: 'rollback', service: 'backend', tag: 'v1.2.2' }],
    ['leave it', answer('Stopped')],
  ])('%s', (said, step) => expect(whenAsked(ASKED, ...failed, asked, picks(said))).toEqual(step))
})

describe('an approval that expired', () => {
  const expired: Told[] = [...proposes('backend'), ['approval_expired', {}]]
  test('is asked about', () => expect(whenAsked(ASKED, ...expired)).toEqual(yesOrNo('Shall I ask again')))
  test('and again, if a person says so', () =>
    expect(whenAsked(ASKED, ...expired, asked, agrees(true))).toEqual(backend))
  test('or not', () => expect(whenAsked(ASKED, ...expired, asked, agrees(false))).toEqual(answer('Stopped')))
})

describe('an error', () => {
  const SHA = 'deploy backend abcdef1 to production'
  const unknown: Told[] = [
    deploys('backend', 'abcdef1', 'production'),
    fails('unknown_tag', '', { nearest: 'v1.2.3, v1.2.1' }),
  ]
  const staging: Told[] = [deploys('backend', 'v1.2.3', 'production'), fails('stage_missing', 'not yet on staging')]
  const broken: Told[] = [fails('github_unavailable', 'no answer'), fails('github_unavailable', 'no answer')]

  test('with near names is a question', () =>
    expect(whenAsked(SHA, ...unknown)).toEqual(
      question('There is no tag "abcdef1". Did you mean v1.2.3? Others: v1.2.1.'),
    ))
  test('whose answer may be yes', () => expect(whenAsked(SHA, ...unknown, answers('yes'))).toEqual(backend))
  test('or another name', () =>
    expect(whenAsked(SHA, ...unknown, answers('v1.2.1'))).toEqual({ ...backend, tag: 'v1.2.1' }))
  test('of a missing stage offers that stage', () =>
    expect(whenAsked(ASKED, ...staging)).toEqual(choice('I could not deploy', ['deploy to staging first', 'leave it'])))
  test('and goes there first', () =>
    expect(whenAsked(ASKED, ...staging, asked, picks('deploy to staging first'))).toEqual({
      ...backend,
      environment: 'staging',
    }))
  test('of the model changes nothing', () => expect(whenAsked(ASKED, fails('model_unreadable', 'x'))).toEqual(backend))
  test('that comes again is for a person', () =>
    expect(whenAsked(ASKED, ...broken)).toEqual(choice('This keeps failing', ['try again', 'leave it'])))
  test('until that person says to try again', () =>
    expect(whenAsked(ASKED, ...broken, asked, picks('try again'))).toEqual(backend))
  test('that code took to a person is followed by their words', () => {
    const escalated: Told = ['escalated', { reason: 'errors_in_a_row', question: 'What should I do?' }]
    expect(whenAsked(ASKED, ...broken, escalated, answers('use v1.2.2'))).toEqual({ ...backend, tag: 'v1.2.2' })
  })
})
