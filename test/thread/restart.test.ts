import { describe, expect, test } from 'vitest'
import type { Input } from '../../src/thread/input.ts'
import { mergesAgain } from '../../src/thread/release/restart.ts'
import { asked, cancels, looked, mergedPull, person, story, toolFails } from './spec.ts'

const launched: Input = {
  type: 'launch',
  agent: 'release',
  message: 'Release #12',
  merged: [mergedPull(11), mergedPull(12)],
  actor: person('lead'),
}
const late: Input = { type: 'merged', pulls: [mergedPull(13)], actor: { kind: 'github' } }
const failed = toolFails('not_on_branch')
const numbers = (...steps: Parameters<typeof story>[0]) => mergesAgain(story(steps).state).map(({ number }) => number)
const refused = expect.objectContaining({ code: 'not_restartable' })

describe('a release may be begun again', () => {
  test('when it failed: with what it was about', () => expect(numbers(launched, failed)).toEqual([11, 12]))
  test('when it was cancelled', () => expect(numbers(launched, cancels())).toEqual([11, 12]))
  test('without what came too late for it, which is in other hands', () =>
    expect(numbers(launched, late, failed)).toEqual([11, 12]))
})

describe('nothing is begun again', () => {
  test('while it is under way', () => expect(() => numbers(launched)).toThrow(refused))
  test('that is no release', () => expect(() => numbers(asked(), looked)).toThrow(refused))
})
