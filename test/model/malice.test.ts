import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Model } from '../../src/agent/ports.ts'
import { createModel } from '../../src/model/model.ts'
import { LIMITS } from '../../src/thread/rules.ts'
import { DANGEROUS, step } from './dangerous.ts'
import { type Course, courseWith, maliciousReply } from './malice.ts'
import { json, type Provider, startProvider } from './support.ts'

let provider: Provider
let model: Model
let reply = ''
let finish = 'stop'
beforeAll(async () => {
  provider = await startProvider((response) =>
    json(response, { choices: [{ finish_reason: finish, message: { content: reply } }], usage: {} }),
  )
  model = createModel({ provider: 'openai-generic', model: 'm', baseUrl: `${provider.url}/v1` })
})
afterAll(() => provider.close())

const courseOf = (content: string, ended = 'stop'): Promise<Course> => {
  reply = content
  finish = ended
  return courseWith(model)
}

/** The same for one that is asked over HTTP once, and says the same ever after. */
const courseOnce = (content: string): Promise<Course> => {
  reply = content
  finish = 'stop'
  let first: ReturnType<Model['next']> | undefined
  return courseWith({
    ...model,
    next: (prompt) => {
      first ??= model.next(prompt)
      return first
    },
  })
}

/** Nothing runs, the calls are bounded, and it ends with people, who see exactly what the model wrote. */
const expectHarmless = ({ calls, dispatches, state, events }: Course, content: string): void => {
  expect(dispatches).toBe(0)
  expect(events.map(({ type }) => type)).not.toContain('tool_started')
  expect(calls).toBeLessThanOrEqual(LIMITS.errors_in_a_row)
  expect(['awaiting_human', 'awaiting_approval']).toContain(state.status)
  if (state.status !== 'awaiting_approval') return
  const { intent, tag, environment } = state.request
  expect(JSON.parse(unfenced(content))).toMatchObject({ intent, tag, environment })
}

const unfenced = (content: string): string => content.replace(/^\s*```(?:json)?\s*\n|\n```\s*$/g, '')

test.each(DANGEROUS)('a model that always answers with %s is asked again, and then a person is', async (_, content) => {
  const course = await courseOf(content)
  expectHarmless(course, content)
  expect(course.state.status).toBe('awaiting_human')
  expect(course.calls).toBe(LIMITS.errors_in_a_row)
})

test.each(['length', 'content_filter', 'tool_calls', 'anything'])(
  'a whole step that ended by %s is no step, however often it comes',
  async (ended) => expect((await courseOf(step, ended)).state.status).toBe('awaiting_human'),
)

test.each([
  ['non-production', step.replace('production', 'non-production')],
  ['v123', step.replace('v1.2.3', 'v123')],
  ['not v1.2.3', step.replace('v1.2.3', 'not v1.2.3')],
])('a name that BAML would mend (%s) is refused as unknown, and never mended', async (_, content) => {
  const course = await courseOf(content)
  expectHarmless(course, content)
  expect(course.events.filter(({ type }) => type === 'error')).toMatchObject(
    Array(LIMITS.errors_in_a_row).fill({ data: { code: expect.stringMatching(/^unknown_/) } }),
  )
})

test('a step that is right all but for its wish waits for people, who see what it is', async () => {
  const course = await courseOf(step)
  expect(course).toMatchObject({ calls: 1, dispatches: 0, state: { status: 'awaiting_approval' } })
  expectHarmless(course, step)
})

test('300 replies that went wrong in up to three ways run nothing, and end with a person', async () => {
  let asked = 0
  const property = fc.asyncProperty(maliciousReply, async (content) => {
    const course = await courseOnce(content)
    expectHarmless(course, content)
    if (course.state.status === 'awaiting_approval') asked += 1
  })
  await fc.assert(property, { numRuns: 300, seed: 7 })
  // Most are no step at all; some are whole, as where only white space was added, and those are asked about.
  expect(asked).toBeGreaterThan(0)
  expect(asked).toBeLessThan(60)
})
