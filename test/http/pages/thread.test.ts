import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { threadPage } from '../../../src/http/pages/thread/thread.ts'
import type { Viewer } from '../../../src/http/viewer.ts'
import type { Actor, Event, NewEvent } from '../../../src/thread/event.ts'
import { fold } from '../../../src/thread/evolve.ts'
import { upcast } from '../../../src/thread/upcast.ts'
import type { Recorded } from '../../corpus/fold.ts'
import { policy } from '../../thread/spec.ts'

const CORPUS = join(import.meta.dirname, '../../corpus')
const recorded = (name: string): Event[] =>
  (JSON.parse(readFileSync(join(CORPUS, name), 'utf8')) as Recorded).events.map((event) => upcast(event))
const NOW = '2026-11-26T08:00:00.000Z'
const viewerOf = (person: string | null): Viewer => ({
  person,
  scopes: ['read', 'ask', 'approve', 'operate'],
  form: 'a-token',
  session: null,
})

const pageOf = (events: Event[], person: string | null = 'local', more: object = {}): string => {
  const state = fold(events)
  if (state === null) throw new Error('no thread')
  return threadPage({ state, events, viewer: viewerOf(person), policy, publicUrl: 'http://bot', now: NOW, ...more })
}

/** Tags that are opened and closed, each with its attributes' names. */
const tags = (page: string): string[] => [...page.matchAll(/<(\/?[a-z0-9]+)/gi)].map(([, name = '']) => name)
const VOID = ['meta', 'link', 'br', 'input']
const unbalanced = (page: string): string[] => {
  const open: string[] = []
  for (const name of tags(page.replace('<!doctype html>', '').replaceAll(/<(\w+)[^>]*\/>/g, ''))) {
    if (!name.startsWith('/')) {
      if (!VOID.includes(name)) open.push(name)
    } else if (open.pop() !== name.slice(1)) return [name]
  }
  return open
}
const person = (id: string): Actor => ({ kind: 'person', id, via: 'http' })

/** A log of these facts, a second apart. */
const logOf = (facts: NewEvent[]): Event[] =>
  facts.map((fact, i) => ({
    ...fact,
    thread_id: '01890a5d-ac96-774b-bcce-b302099a8057',
    seq: i + 1,
    at: new Date(Date.parse('2026-11-26T07:00:00Z') + i * 1_000).toISOString(),
  }))
const launched = (title = 'deploy'): NewEvent => ({
  type: 'thread_launched',
  data: { agent: 'deploy', title },
  actor: person('dev'),
})
const said = (message: string): NewEvent => ({ type: 'message', data: { message }, actor: person('dev') })

describe('the page of a thread', () => {
  test.each(readdirSync(CORPUS).filter((name) => name.endsWith('.json')))('%s is whole and well-formed', (name) => {
    const events = recorded(name)
    const page = pageOf(events)
    expect(unbalanced(page)).toEqual([])
    expect(page).not.toMatch(/undefined|\[object Object\]|NaN/)
    const shown = events.filter(({ seq }) => page.includes(`id="data-${seq}"`))
    expect(shown).toHaveLength(Math.min(40, events.length))
  })

  test('says what a running thread is doing, and since when: a model may take long', () => {
    const asking = [...recorded('looked_around.v1.json')]
    const call = asking.findIndex(({ actor }) => actor.kind === 'model')
    const text = pageOf(asking.slice(0, call))
    expect(text).toContain('data-says="Now: asks the model for the next step"')
    expect(text).toContain(`It asks the model for the next step. Begun <time datetime="${asking[call - 1]?.at}">`)
    expect(pageOf(logOf([launched(), said('hi')]))).toContain('It looks up tags, what is live and who deploys.')
    expect(pageOf(recorded('done.v1.json'))).not.toContain('Begun')
  })

  test('tells working time from waiting for people', () => {
    const page = pageOf(recorded('rejected_then_approved.v1.json'))
    expect(page).toMatch(/aria-label="working .*waiting for people .*the workflow running/)
  })

  test('shows the way as a picture that is told in words too', () => {
    const page = pageOf(recorded('done.v1.json'))
    expect(page).toMatch(/<desc id="path-words">people: thread launched; people: message; code: /)
    expect(page).toMatch(/model: done for now<\/desc>/)
  })

  test('gives an approver the buttons, and everybody else the reason why not', () => {
    const events = recorded('rejected_then_approved.v1.json')
    const asked = events.slice(0, events.findIndex(({ type }) => type === 'approval_requested') + 1)
    expect(pageOf(asked, 'local')).toContain('value="approve"')
    const page = pageOf(asked, 'stranger')
    expect(page).not.toContain('value="approve"')
    expect(page).toContain('You cannot approve this: stranger may not approve this')
    expect(pageOf(asked, null)).not.toContain('value="approve"')
    expect(pageOf(asked, 'local')).toContain('Change what is proposed')
    expect(page).not.toContain('Change what is proposed')
  })

  test('lets operators alone give a fork rules of its own', () => {
    const viewer = { ...viewerOf('dev'), scopes: ['read', 'ask'] }
    expect(pageOf(logOf([launched(), said('deploy')]))).toContain('name="prompt"')
    const page = pageOf(logOf([launched(), said('deploy')]), 'dev', { viewer })
    expect(page).toMatch(/id="fork"(?![\s\S]*name="prompt")/)
  })

  test('says an error in a line, however often it came, with all of it a click away', () => {
    const error: NewEvent = {
      type: 'error',
      data: { code: 'unknown_tag', message: 'no such tag\nat line 2', nearest: ['v1.2.3'] },
      actor: { kind: 'code' },
    }
    const page = pageOf(logOf([launched(), said('deploy'), error, error]))
    expect(page).toMatch(/met an error: no such tag<\/span> <span class="quiet">\(2 times\)/)
    expect(page).toMatch(
      /<summary>The whole error<\/summary>[\s\S]*unknown_tag: no such tag\nat line 2\nnearest: v1.2.3/,
    )
  })

  test('lets no words of others become a part of it', () => {
    const evil = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>'
    const page = pageOf(logOf([launched(evil), said(`${evil}\u202e${'x'.repeat(10_000)}`)]))
    expect(unbalanced(page)).toEqual([])
    expect(tags(page)).not.toContain('img')
    expect(page.match(/<script/g)).toHaveLength(1)
    expect(page).not.toMatch(/\u202e| style=| on\w+=/)
  })

  test('of a long thread shows the newest, in 50 kB, and the rest for the asking', () => {
    const long = logOf([launched(), ...Array.from({ length: 499 }, (_, i) => said(`word ${i} ${'y'.repeat(400)}`))])
    const page = pageOf(long)
    expect(page).toContain('All 500 events')
    expect(page).toContain('word 498')
    expect(page).not.toContain('word 12 ')
    expect(pageOf(long, 'local', { all: true })).toContain('word 12 ')
  })

  test('keeps the words that could not be sent', () =>
    expect(pageOf(logOf([launched(), said('deploy')]), 'dev', { kept: 'my long words' })).toMatch(
      /id="say"[^>]*>my long words</,
    ))
})
