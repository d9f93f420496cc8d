import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explain } from '../../src/model/errors.ts'
import { readStep } from '../../src/model/step.ts'
import { unionOf } from '../../src/thread/agents.ts'

const STEPS = [
  { intent: 'deploy_backend', tag: 'v1.2.3', environment: 'production' },
  { intent: 'rollback', service: 'backend', tag: 'v1.2.2', environment: 'production' },
  { intent: 'deploy_service', service: 'search', tag: 'v1.2.3', environment: 'staging' },
]
const PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  'not ',
  'non-',
  ' ',
  '\n',
  '```',
  '//',
  'null',
  '1.20',
  'v9.9.9',
  'true',
  '"tag":"v9.9.9",',
  '"intent":"rollback",',
  '{"intent":"deploy_backend","tag":"v9.9.9","environment":"production"}',
  'deploy_frontend',
  'I will not do this: ',
  '\u200b',
  '\u0000',
  '\\u0022',
  '</deploy_backend>',
  "'",
  ';',
]

interface Change {
  at: number
  drop: number
  add: string
}
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(120),
  drop: fc.oneof(fc.constant(0), fc.nat(12)),
  add: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES)),
})
const mutated = fc
  .tuple(fc.constantFrom(...STEPS), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([step, changes]) =>
    changes.reduce((text, { at, drop, add }) => text.slice(0, at) + add + text.slice(at + drop), JSON.stringify(step)),
  )

/** What a strict reader takes it for; null: nothing. */
const strictly = (reply: string): unknown => {
  try {
    return JSON.parse(reply.trim().replace(/^```(?:json)?[ \t]*\n([\s\S]*)\n```$/, '$1'))
  } catch {
    return null
  }
}

test('of 2,000 replies that were damaged none becomes a step that it does not say to the letter', () => {
  let refused = 0
  fc.assert(
    fc.property(mutated, fc.constantFrom('deploy' as const, 'rollback' as const), (reply, agent) => {
      try {
        const step = readStep(reply, agent)
        expect(isDeepStrictEqual({ ...step }, strictly(reply))).toBe(true)
        expect(unionOf(agent)).toContain(step.intent)
      } catch (error) {
        refused += 1
        expect(explain(error).code).toMatch(/^(model_(unreadable|ambiguous)|not_its_step)$/)
      }
    }),
    { numRuns: 2_000 },
  )
  expect(refused).toBeGreaterThan(1_000)
})
