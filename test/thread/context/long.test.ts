import { describe, expect, test } from 'vitest'
import { MOST } from '../../../src/thread/context/budget.ts'
import { partOf } from '../../../src/thread/context/part.ts'
import { redactUsual } from '../../../src/thread/context/redact.ts'
import { tokensIn } from '../../../src/thread/context/tokens.ts'
import { windowOf } from '../../../src/thread/context/window.ts'
import type { Event, EventType, Json } from '../../../src/thread/event.ts'
import { READS } from '../../../src/thread/shapes/github.ts'
import { threads } from './threads.ts'

const recorded = threads.flatMap(({ events }) => events)

/** The same event with more letters in each of its texts than any cap lets by, and each of its lists 300 long. Times stay times. */
const grown = (value: Json): Json => {
  if (typeof value === 'string')
    return /^\d{4}-\d\d-\d\dT/.test(value) ? value : `${value} ${'word of it\n'.repeat(400)}`
  if (Array.isArray(value))
    return Array.from({ length: value.length && 300 }, (_, i) => grown(value[i % value.length] as Json))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, grown(item)]))
}
const longest = (type: EventType): Event => {
  const like = recorded.find((event) => event.type === type && JSON.stringify(event.data).includes('['))
  const found = like ?? recorded.find((event) => event.type === type)
  if (!found) throw new Error(`no recorded thread has a ${type}`)
  return { ...found, data: grown(found.data as never) } as never
}
const tokensOf = (event: Event): number => partOf(event, [event], redactUsual, 4_000)?.tokens ?? 0

describe('rules keep short whatever comes from outside, so that no model has to summarise it', () => {
  test.each(Object.keys(READS) as EventType[])('%s, however much was found', (type) =>
    expect(tokensOf(longest(type))).toBeLessThanOrEqual(700),
  )

  test('a run that failed with a log of hundreds of lines', () => {
    const error = longest('error')
    const log = 'npm error code E401\n'.repeat(500)
    expect(
      tokensOf({ ...error, data: { ...(error.data as object), job: 'deploy', step: 'Deploy', log } } as never),
    ).toBeLessThanOrEqual(60)
  })

  test('what a caller gave along', () => {
    const launched = longest('thread_launched')
    const context = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`key${i}`, 'word of it '.repeat(200)]))
    expect(tokensOf({ ...launched, data: { ...(launched.data as object), context } } as never)).toBeLessThanOrEqual(
      3_100,
    )
  })

  test.each<EventType>(['message', 'human_response', 'approval_denied'])('old words: %s', (type) =>
    expect(tokensOf(longest(type))).toBeLessThanOrEqual(3_000),
  )
})

test('and a thread of all of these, again and again, is brought back to its budget', () => {
  const types = [...(Object.keys(READS) as EventType[]), 'message' as const, 'error' as const]
  const many = Array.from({ length: 30 }, (_, i) => longest(types[i % types.length] as EventType))
  const short = recorded.find(({ type }) => type === 'message') as Event
  const events = [longest('thread_launched'), ...many, short].map((event, i) => ({ ...event, seq: i + 1 }))
  expect(tokensIn(windowOf(events).text)).toBeLessThanOrEqual(MOST)
})
