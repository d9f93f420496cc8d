import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { transcript } from '../../src/thread/transcript.ts'
import { type StoredEvent, upcast } from '../../src/thread/upcast.ts'
import asked from '../corpus/asked/asked.json' with { type: 'json' }
import { askedIn, meaningOf, type Recorded } from '../corpus/fold.ts'
import { scenarios } from '../corpus/scenarios.ts'

const CORPUS = join(import.meta.dirname, '../corpus')
const files = readdirSync(CORPUS).filter((name) => name.endsWith('.json'))

describe('a log of a real thread, recorded by an earlier version (test/corpus/record.ts)', () => {
  test.each(files)('%s is still read, folded and rendered as it was', (file) => {
    const { events, meaning } = JSON.parse(readFileSync(join(CORPUS, file), 'utf8')) as Recorded
    expect(meaningOf(events)).toEqual(meaning)
    const read = events.map((event) => upcast(event))
    expect(askedIn(events)).toEqual(asked[file as keyof typeof asked])
    expect(askedIn(reordered(events))).toEqual(askedIn(events))
    expect(transcript(read).match(/^## \d+ · /gm)).toHaveLength(events.length)
  })
})

/** As a database gives it back that keeps no order of fields. */
const reordered = (value: StoredEvent[]): StoredEvent[] => JSON.parse(JSON.stringify(value, sorted))
const sorted = (_: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => b.length - a.length || (a < b ? 1 : -1)))
    : value

test('every scenario has been recorded', () =>
  expect(Object.keys(scenarios).filter((name) => !files.some((file) => file.startsWith(`${name}.v`)))).toEqual([]))
