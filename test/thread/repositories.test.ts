import { describe, expect, test } from 'vitest'
import type { GateRequest, MergedPull } from '../../src/thread/event.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import type { Policy } from '../../src/thread/policy.ts'
import { renderPrompt } from '../../src/thread/prompt.ts'
import { releaseLane, soleOf } from '../../src/thread/release/release.ts'
import { releasedRepositories, repositoriesOf } from '../../src/thread/repositories.ts'
import type { WriteStep } from '../../src/thread/step.ts'
import { targetOf } from '../../src/thread/target.ts'
import { asked, looked, mergedPull, policy, rules, story } from './spec.ts'

const SEARCH = 'acme/search'
const { services, release } = policy
const search = { workflow: 'deploy-search.yml', ref: 'main', repository: SEARCH }
const both: Policy = {
  ...policy,
  services: { ...services, search },
  release: release && { ...release, services: ['backend', 'frontend', 'search'] },
}
const rulesOfBoth = { ...rules, policy: both }
const targets = (step: WriteStep): string => {
  const target = targetOf(step, both)
  return 'unknown' in target ? target.unknown : target.repository
}

describe('what a step aims at', () => {
  const where = { tag: 'v1', environment: 'staging' }
  const tests = { intent: 'run_tests', workflow: 'e2e.yml', ref: 'main', ...where } as const
  test.each<[WriteStep, string]>([
    [{ intent: 'deploy_backend', ...where }, 'acme/shop'],
    [{ intent: 'deploy_service', service: 'search', ...where }, SEARCH],
    [{ intent: 'rollback', service: 'search', ...where }, SEARCH],
    [{ ...tests, service: 'search' }, SEARCH],
    [{ ...tests, service: 'backend,frontend' }, 'acme/shop'],
    [{ intent: 'deploy_service', service: 'toString', ...where }, expect.stringContaining('there is no service')],
  ])('%o lies in %s', (step, repository) => expect(targets(step)).toEqual(repository))

  test('a run at a gate waits where it waits, also where no service is deployed from there', () => {
    const gate = { run_id: 7, attempt: 1, workflow: 'x.yml', ref: 'main', sha: 'a'.repeat(40), environment: 'staging' }
    const step = { intent: 'open_gate', service: 'x.yml', ...gate } as const
    expect(targets({ ...step, repository: SEARCH })).toBe(SEARCH)
    // A log of before there were several.
    expect(targets(step)).toBe('acme/shop')
  })
})

describe('the repositories', () => {
  test('are each named once, the team`s own first', () => {
    const more = { ...both.services, index: search }
    expect(repositoriesOf({ ...both, services: more })).toEqual(['acme/shop', SEARCH])
  })
  test('that set a release going are those of released services', () => {
    expect(releasedRepositories(both)).toEqual(['acme/shop', SEARCH])
    expect(releasedRepositories({ ...both, release: release && { ...release, services: ['search'] } })).toEqual([
      SEARCH,
    ])
    expect(releasedRepositories({ ...both, release: null })).toEqual([])
  })
  test('are told to the model only where there are several', () => {
    const { events } = story([asked(), looked])
    expect(renderPrompt(events, policy).setup).not.toContain('other_repositories')
    expect(renderPrompt(events, both).setup).toContain(`other_repositories:\n  search: "${SEARCH}"`)
  })
})

const released = (merged: MergedPull): Input => ({
  type: 'launch',
  agent: 'release',
  message: 'Release',
  merged: [merged],
  actor: { kind: 'github' },
})

describe('a release', () => {
  test('is of the services of the repository that was merged into', () => {
    const planned = (merged: MergedPull) =>
      story([released(merged)], rulesOfBoth).events.find(({ type }) => type === 'release_planned')?.data
    expect(planned(mergedPull(1, { repository: SEARCH }))).toMatchObject({ services: ['search'] })
    expect(planned(mergedPull(1))).toMatchObject({ services: ['backend', 'frontend'] })
  })
  test('deploys there', () => {
    const { state } = story([released(mergedPull(1, { repository: SEARCH }))], rulesOfBoth)
    const effect = next(state)
    expect(effect).toMatchObject({ do: 'prepare', step: { intent: 'deploy_service', service: 'search' } })
  })
  test('of a repository whose services are released no more ends, and says so', () => {
    const { events } = story([released(mergedPull(1, { repository: 'acme/gone' }))], rulesOfBoth)
    expect(events.at(-1)).toMatchObject({
      type: 'release_finished',
      data: { outcome: 'failed', message: 'deploybot.yaml releases nothing from acme/gone any more' },
    })
  })
  test('is alone in its repository only, under the name that it had before there were several', () => {
    const soleIn = (merged: MergedPull) => soleOf(story([released(merged)], rulesOfBoth).state)
    expect(soleIn(mergedPull(1))).toBe('release:main')
    expect(soleIn(mergedPull(1, { repository: SEARCH }))).toBe('release:acme/search/main')
    expect(releaseLane({ branch: 'next' })).toBe('release:next')
  })
})

test('a gate in another repository is opened there', () => {
  const gate: GateRequest = {
    repository: SEARCH,
    run_id: 7,
    attempt: 1,
    environment: 'staging',
    workflow: 'deploy-search.yml',
    ref: 'main',
    sha: 'a'.repeat(40),
    service: 'search',
    title: 'Deploy',
    event: 'push',
    requested_by: null,
    html_url: 'http://github.test/run/7',
  }
  const { events } = story(
    [{ type: 'launch', agent: 'gate', message: 'May it?', gate, actor: { kind: 'github' } }],
    rulesOfBoth,
  )
  expect(events.at(-1)).toMatchObject({ type: 'open_gate', data: { repository: SEARCH } })
})
