import { describe, expect, test } from 'vitest'
import {
  agrees,
  answers,
  approves,
  asksApproval,
  chose,
  deploys,
  ends,
  facts,
  fails,
  picks,
  rejects,
  says,
  type Told,
  whenAsked,
} from './told.ts'

const ASKED = 'deploy backend v1.2.3 to production'
const backend = { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' }
const asked = chose('request_human_input')
const proposes = (service: string, tag = 'v1.2.3'): Told[] => [
  deploys(service, tag, 'production'),
  asksApproval(service, tag, 'production'),
]
const ships = (service: string, tag = 'v1.2.3', status = 'success'): Told[] => [
  ...proposes(service, tag),
  approves,
  ends(service, tag, 'production', status),
]
const question = (part: string) => ({
  intent: 'request_more_information',
  question: expect.stringContaining(part) as string,
})
const choice = (part: string, choices: string[]) => ({
  intent: 'request_human_input',
  question: expect.stringContaining(part) as string,
  context: expect.any(String) as string,
  options: { urgency: 'medium', format: 'multiple_choice', choices },
})
const yesOrNo = (part: string) => expect.objectContaining({ question: expect.stringContaining(part) as string })
const answer = (part: string) => ({ intent: 'done_for_now', message: expect.stringContaining(part) as string })

describe('"deploy 4af9ec0 to production", rejected with "can you deploy the backend first?"', () => {
  const SHA = '4af9ec0'
  const start = `deploy ${SHA} to production`
  const rejected = [...proposes('frontend', SHA), rejects('can you deploy the backend first?')]
  const backendDone = [...rejected, ...ships('backend', SHA)]

  test('the frontend comes first', () =>
    expect(whenAsked(start)).toEqual({ ...backend, intent: 'deploy_frontend', tag: SHA }))
  test('then the backend', () => expect(whenAsked(start, ...rejected)).toEqual({ ...backend, tag: SHA }))
  test('then the frontend again', () =>
    expect(whenAsked(start, ...backendDone)).toEqual({ ...backend, intent: 'deploy_frontend', tag: SHA }))
  test('then it is done', () =>
    expect(whenAsked(start, ...backendDone, ...ships('frontend', SHA))).toEqual(
      answer(
        'backend 4af9ec0 is live on production (http://gh/runs/7); frontend 4af9ec0 is live on production (http://gh/runs/7).',
      ),
    ))
})

describe('a rejection', () => {
  test.each<[string, object]>([
    ['use v1.2.2 instead', { ...backend, tag: 'v1.2.2' }],
    ["don't deploy v1.2.3, use v1.2.2", { ...backend, tag: 'v1.2.2' }],
    ['not v1.2.3 but v1.2.2', { ...backend, tag: 'v1.2.2' }],
    ['v1.2.2 instead of v1.2.3 please', { ...backend, tag: 'v1.2.2' }],
    ['yes but use the latest tag', { ...backend, tag: 'v1.2.4' }],
    ['to staging please', { ...backend, environment: 'staging' }],
    ['staging first', { ...backend, environment: 'staging' }],
    ['deploy the frontend instead', { ...backend, intent: 'deploy_frontend' }],
    ['the frontend first', { ...backend, intent: 'deploy_frontend' }],
    ['wait 5 minutes', { intent: 'wait', seconds: 300, reason: 'asked to wait' }],
    ['no, stop', answer('Stopped')],
    ['cancel', answer('Stopped')],
    ["don't", answer('Stopped')],
    ['no', question('What should I do instead?')],
    ['', question('What should I do instead?')],
    ['yes', question('What should I do instead?')],
    ['I do not like it', question('What should I do instead?')],
    ['use v9.9.9', question('There is no tag "v9.9.9"')],
  ])('%j', (comment, step) => expect(whenAsked(ASKED, ...proposes('backend'), rejects(comment))).toEqual(step))
})

describe('a message while approval is awaited', () => {
  const superseded: Told = ['approval_superseded', { reason: 'message' }]
  test.each<[string, object]>([
    ['use v1.2.2 instead', { ...backend, tag: 'v1.2.2' }],
    ['thanks', backend],
    ['stop', answer('Stopped')],
    ['what is live on production?', yesOrNo('Shall I go on and deploy backend v1.2.3 to production?')],
    ['hmm, I saw a bug there', yesOrNo('Shall I go on and deploy backend v1.2.3 to production?')],
  ])('%s', (words, step) =>
    expect(whenAsked(ASKED, ...proposes('backend'), says(words), superseded, ...facts)).toEqual(step),
  )

  test('"also deploy the frontend" comes after it', () => {
    const more: Told[] = [...proposes('backend'), says('also deploy the frontend'), superseded, ...facts]
    expect(whenAsked(ASKED, ...more)).toEqual(backend)
    expect(whenAsked(ASKED, ...more, ...ships('backend'))).toEqual({ ...backend, intent: 'deploy_frontend' })
  })
})

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
    fails('unknown_tag', '', { nearest: ['v1.2.3', 'v1.2.1'] }),
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

describe('going on', () => {
  const question = chose('request_more_information')
  test('with an answer to what was missing', () => {
    expect(whenAsked('deploy backend', question, answers('v1.2.3 to production'))).toEqual(backend)
    expect(whenAsked('deploy backend to production', question, answers('the latest'))).toEqual({
      ...backend,
      tag: 'v1.2.4',
    })
    expect(whenAsked('deploy backend v1.2.3', question, answers('production'))).toEqual(backend)
  })
  test('with yes to a name that was mistyped, never without', () =>
    expect(whenAsked('deploy the backned v1.2.3 to production', question, answers('yes'))).toEqual(backend))
  test('after the wait', () =>
    expect(whenAsked('wait 1 minute then deploy backend v1.2.3 to production', chose('wait'), ['slept', {}])).toEqual(
      backend,
    ))
  test('with what a person edited', () => {
    const edited = [...proposes('backend'), ...ships('backend', 'v1.2.4')]
    expect(whenAsked(ASKED, ...edited)).toEqual(answer('backend v1.2.4 is live'))
  })
  test('elsewhere: "now production"', () => {
    const staged: Told[] = [
      deploys('backend', 'v1.2.3', 'staging'),
      ends('backend', 'v1.2.3', 'staging'),
      chose('done_for_now'),
    ]
    expect(whenAsked('deploy backend v1.2.3 to staging', ...staged, says('now production'), ...facts)).toEqual(backend)
  })
  test('back: "roll it back" means what was live before', () =>
    expect(whenAsked(ASKED, ...ships('backend'), chose('done_for_now'), says('roll it back'))).toEqual({
      ...backend,
      intent: 'rollback',
      service: 'backend',
      tag: 'v1.2.2',
    }))
  test('"latest" stays what it was when it was first proposed', () => {
    const newer: Told = ['list_git_tags_result', { tags: [{ name: 'v1.3.0' }], more: false }]
    const done = ships('frontend', 'v1.2.4')
    expect(whenAsked('deploy latest to production', ...done, newer)).toEqual({ ...backend, tag: 'v1.2.4' })
  })
})
