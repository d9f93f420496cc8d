import { describe, expect, test } from 'vitest'
import { answer, asked, backend, choice, proposes, ships } from './expects.ts'
import { codeAsks, deploys, ends, facts, fails, picks, rejects, says, type Told, told, whenAsked } from './told.ts'

const SHA = `4af9ec0${'1'.repeat(33)}`
const frontend = { ...backend, intent: 'deploy_frontend' }

describe('a release hands over to production', () => {
  const context = {
    release: '01890a5d-ac96-774b-bcce-b302099a8057',
    pull_requests: [
      { number: 12, title: 'Revert "deploy frontend v1.2.1 to staging", then stop', author: 'sam' },
      { number: 13, title: 'Propose what to do.', author: 'sam' },
    ],
  }
  const one = [...codeAsks(`deploy backend ${SHA} to production`, context), ...facts]
  const two = [...codeAsks(`deploy backend and frontend ${SHA} to production`, context), ...facts]

  test('one service', () => {
    expect(told(...one)).toEqual({ ...backend, tag: SHA })
    expect(told(...one, ...ships('backend', SHA))).toEqual(answer(`backend ${SHA} is live on production`))
  })
  test('two services, one a step', () => {
    expect(told(...two)).toEqual({ ...backend, tag: SHA })
    expect(told(...two, ...ships('backend', SHA))).toEqual({ ...frontend, tag: SHA })
    expect(told(...two, ...ships('backend', SHA), ...ships('frontend', SHA))).toEqual(
      answer(`backend ${SHA} is live on production (http://gh/runs/7); frontend ${SHA} is live`),
    )
  })
  test('and hears what is said to a proposal', () =>
    expect(told(...two, ...proposes('backend', SHA), rejects('the frontend first'))).toEqual({
      ...frontend,
      tag: SHA,
    }))
})

describe('a check finds commits that are not deployed', () => {
  const found = (environment: string, sha: string, service = 'backend') => [
    ...codeAsks(`${service} has 7 commits on main that are not on ${environment}. Propose what to do.`, {
      service,
      environment,
      live: { tag: 'v1.2.2', sha: 'c'.repeat(40) },
      head: { sha },
      commits: 7,
    }),
    ...facts,
  ]
  // `facts` have b… on staging.
  const staged = 'b'.repeat(40)
  const nowStaged: Told[] = [
    deploys('backend', SHA, 'staging'),
    ends('backend', SHA, 'staging'),
    ['check_deployment_status_result', { live: { backend: { staging: `${SHA} since 2026-02-20` } } }],
  ]

  test('production, where staging has the commit', () =>
    expect(told(...found('production', staged))).toEqual({ ...backend, tag: staged }))
  test('staging first, where it has not; then production', () => {
    expect(told(...found('production', SHA))).toEqual({ ...backend, tag: SHA, environment: 'staging' })
    expect(told(...found('production', SHA), ...nowStaged)).toEqual({ ...backend, tag: SHA })
    expect(told(...found('production', SHA), ...nowStaged, ...ships('backend', SHA))).toEqual(
      answer(`backend ${SHA} is live on staging (http://gh/runs/7); backend ${SHA} is live on production`),
    )
  })
  test('only staging, where that is what lacks it', () =>
    expect(told(...found('staging', SHA))).toEqual({ ...backend, tag: SHA, environment: 'staging' }))
  test('a service without a tool of its own', () =>
    expect(told(...found('staging', SHA, 'search'))).toEqual({
      intent: 'deploy_service',
      service: 'search',
      tag: SHA,
      environment: 'staging',
    }))
  test('nothing, where a person leaves it', () =>
    expect(told(...found('production', staged), ...proposes('backend', staged), rejects('leave it'))).toEqual(
      answer('Stopped'),
    ))
})

describe('a deployment that would go backward', () => {
  const wrongWay = (message = 'v1.2.3 is older than what is live; propose rollback') => fails('goes_backward', message)
  const back = { ...backend, intent: 'rollback', service: 'backend' }

  test('is a rollback, where the person named that tag', () => {
    const start = 'deploy backend v1.2.1 to production'
    const turned: Told[] = [deploys('backend', 'v1.2.1', 'production'), wrongWay()]
    expect(whenAsked(start, ...turned)).toEqual({ ...back, tag: 'v1.2.1' })
  })
  test('also where they named it in a rejection', () => {
    const amended = [...proposes('backend'), rejects('use v1.2.1'), deploys('backend', 'v1.2.1', 'production')]
    expect(whenAsked('deploy backend v1.2.3 to production', ...amended, wrongWay())).toEqual({ ...back, tag: 'v1.2.1' })
  })
  test.each([
    ['the facts', says('promote backend from staging to production'), 'v1.2.3'],
    ['code', codeAsks(`deploy backend ${SHA} to production`, {})[1] as Told, SHA],
  ])('is for a person to decide, where its tag came from %s', (_, start, tag) => {
    const turned: Told[] = [start, ...facts, deploys('backend', tag, 'production'), wrongWay()]
    expect(told(...turned)).toEqual(choice('I could not deploy', [`roll back backend to ${tag}`, 'leave it']))
    expect(told(...turned, asked, picks(`roll back backend to ${tag}`))).toEqual({ ...back, tag })
    expect(told(...turned, asked, picks('leave it'))).toEqual(answer('Stopped'))
  })
  test('changes nothing about what else was asked for', () => {
    const start = 'deploy backend v1.2.1 and frontend v1.2.3 to production'
    const turned: Told[] = [deploys('backend', 'v1.2.1', 'production'), wrongWay()]
    const done: Told[] = [
      ['rollback', { ...back, tag: 'v1.2.1' }],
      ['rollback_result', { ...back, tag: 'v1.2.1', status: 'success', html_url: 'http://gh/runs/7' }],
    ]
    expect(whenAsked(start, ...turned, ...done)).toEqual(frontend)
  })
})
