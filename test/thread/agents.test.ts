import { describe, expect, test } from 'vitest'
import { launchable, mayLaunch, unionOf } from '../../src/thread/agents.ts'
import type { Step } from '../../src/thread/step.ts'
import { asked, given, looked, prepared, proposed, rules, selected, toStaging } from './spec.ts'

const rollback = { ...asked('roll back backend on production'), agent: 'rollback' }
const back: Step = { intent: 'rollback', service: 'backend', tag: 'v1.2.2', environment: 'production' }

describe('an agent', () => {
  test('is launched by its name', () =>
    given()
      .when(rollback)
      .yields({ type: 'thread_launched', data: { agent: 'rollback' } }, { type: 'message' }))

  test.each(['rollbacks', 'Deploy', '', 'constructor', '__proto__'])('that nobody made is refused: %j', (agent) => {
    given()
      .when({ ...asked(), agent })
      .isRefused('unknown_agent')
    expect(mayLaunch(agent, 'words')).toBe(false)
    expect(unionOf(agent)).toEqual([])
  })

  test('that there is not is answered with those that there are', () =>
    expect(() =>
      given()
        .when({ ...asked(), agent: 'x' })
        .state(),
    ).toThrow('there are: deploy, rollback'))

  test('that plain code plays is launched by merges alone, and no model selects a step for it', () => {
    given()
      .when({ ...asked(), agent: 'release' })
      .isRefused('unknown_agent')
    expect(launchable('words')).toEqual(['deploy', 'rollback'])
    expect(launchable('merges')).toEqual(['release'])
    expect(unionOf('release')).toEqual([])
  })
})

describe('the rollback agent', () => {
  test('rolls back, with approval as any deployment', () => {
    given(rollback, looked).when(selected(back)).yields({ type: 'rollback', data: back })
    given(rollback, looked, selected(back))
      .when(prepared({ tag: 'v1.2.2', direction: 'backward' }))
      .leadsTo('awaiting_approval')
  })

  test.each([proposed, toStaging, selected({ intent: 'list_git_commits', ref: 'main' })])(
    'selects no step that is not its own, whatever a model may say: %j',
    (step) =>
      given(rollback, looked)
        .when(step)
        .yields({ type: 'error', data: { code: 'not_its_step' } }),
  )

  test('comes to a person who tries it again and again', () =>
    given(rollback, looked, ...Array.from({ length: rules.limits.errors_in_a_row - 1 }, () => proposed))
      .when(proposed)
      .yields({ type: 'error' }, { type: 'escalated', data: { reason: 'errors_in_a_row' } }))
})

test('the deploy agent has every step that a model has', () => {
  for (const intent of unionOf('rollback')) expect(unionOf('deploy')).toContain(intent)
})
