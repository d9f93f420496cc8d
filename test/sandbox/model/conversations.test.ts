import { describe, expect, test } from 'vitest'
import { ASKED, answer, backend, proposes, question, ships, yesOrNo } from './expects.ts'
import { answers, chose, deploys, ends, facts, rejects, says, type Told, whenAsked } from './told.ts'

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
    const newer: Told = ['list_git_tags_result', { tags: ['v1.3.0 ccccccc 2026-02-26'] }]
    const done = ships('frontend', 'v1.2.4')
    expect(whenAsked('deploy latest to production', ...done, newer)).toEqual({ ...backend, tag: 'v1.2.4' })
  })
})
