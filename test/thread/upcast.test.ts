import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import { fold } from '../../src/thread/evolve.ts'
import { Unreadable } from '../../src/thread/situation.ts'
import { SCHEMA_VERSION, type Schema, type StoredEvent, upcast } from '../../src/thread/upcast.ts'
import { asked, person, runIs, running, START, story, THREAD } from './spec.ts'

const stored = (type: string, data: unknown, more: Partial<StoredEvent> = {}): StoredEvent => ({
  thread_id: THREAD,
  seq: 2,
  at: START,
  type,
  data,
  actor: person('dev'),
  schema_version: SCHEMA_VERSION,
  ...more,
})
const said = (more: Partial<StoredEvent> = {}) => stored('message', { message: 'hi' }, more)

describe('an event of an older version', () => {
  /** Version 2 cut words into lines, version 3 calls lines a message, and a chat a message. */
  const schema: Schema = {
    version: 3,
    steps: {
      message: {
        1: (event) => ({ ...event, data: { lines: [(event.data as { text: string }).text, 'from 1'] } }),
        2: (event) => ({ ...event, data: { message: (event.data as { lines: string[] }).lines.join(', ') } }),
      },
      chat: { 2: (event) => ({ ...event, type: 'message', data: { message: 'once a chat' } }) },
    },
  }
  const lifted = (type: string, data: unknown, schema_version: number) =>
    upcast(stored(type, data, { schema_version }), schema)

  test('is lifted step by step, each version by its own function', () => {
    expect(lifted('message', { text: 'hi' }, 1).data).toEqual({ message: 'hi, from 1' })
    expect(lifted('message', { lines: ['hi'] }, 2).data).toEqual({ message: 'hi' })
    expect(lifted('message', { message: 'hi' }, 3).data).toEqual({ message: 'hi' })
  })

  test('may have had another type', () =>
    expect(lifted('chat', {}, 1)).toMatchObject({ type: 'message', data: { message: 'once a chat' } }))

  test('stays as it is where its type never changed', () =>
    expect(lifted('slept', { until: START }, 1).data).toEqual({ until: START }))

  test('that is none cannot be read', () => {
    expect(() => lifted('message', { message: 'of version 3' }, 2)).toThrow(Unreadable)
    expect(() => lifted('slept', { message: 'of no version' }, 2)).toThrow(Unreadable)
  })
})

describe('an event of this version', () => {
  test('is what was stored, and says no more of versions', () => {
    const { schema_version: _, ...event } = said()
    expect(upcast(said())).toEqual(event)
  })

  test('keeps what a later minor version added to it', () =>
    expect(upcast(stored('slept', { until: START, why: 'new' })).data).toEqual({ until: START, why: 'new' }))

  test('is read back whatever this code writes', () => {
    const { events } = story([...running, runIs('completed', 'success')])
    for (const event of events) {
      const { type, data, ...place } = event
      expect(upcast(stored(type, JSON.parse(JSON.stringify(data)), place))).toEqual(event)
    }
    expect(events.length).toBeGreaterThan(10)
  })
})

describe('cannot be read', () => {
  test.each<[string, StoredEvent, RegExp]>([
    [
      'what a newer version wrote',
      said({ schema_version: 2 }),
      /event 2 \(message\) is of version 2; this code reads 1/,
    ],
    ['a type that is not known', stored('incident_opened', { message: 'x' }), /of a type that this code does not know/],
    ['a type that every object has', stored('constructor', {}), /of a type/],
    ['a step that is not known', stored('drop_database', { intent: 'drop_database' }), /of a type/],
    ['what lacks a field', stored('message', { text: 'hi' }), /event 2 \(message\) lacks message: string/],
    ['a field of another kind', stored('slept', { until: 5 }), /lacks until: string/],
    ['null where something must be', stored('forked', { from: THREAD, at: null }), /lacks at: number/],
    ['a list where a record must be', stored('message', ['hi']), /lacks an object/],
    ['no data', stored('message', null), /lacks an object/],
    ['what nobody did', said({ actor: null }), /lacks an actor that this code knows/],
    ['what somebody of another kind did', said({ actor: { kind: 'robot', id: 'r2' } }), /lacks an actor/],
    ['what a person without a name did', said({ actor: { kind: 'person' } }), /lacks id: string/],
  ])('%s', (_, event, why) => {
    expect(() => upcast(event)).toThrow(Unreadable)
    expect(() => upcast(event)).toThrow(why)
  })
})

describe('a fold', () => {
  const foreign = (type: string, data: object) => [
    ...story([asked()]).events,
    { ...stored(type, data), seq: 3 } as unknown as Event,
  ]

  test.each([
    ['a fact', 'incident_opened', { message: 'x' }],
    ['a step', 'drop_database', { intent: 'drop_database' }],
  ])('takes %s of an unknown type for nothing else', (_, type, data) =>
    expect(() => fold(foreign(type, data))).toThrow(Unreadable),
  )
})
