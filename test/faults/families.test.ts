import { describe, expect, test } from 'vitest'
import type { Actor, Event, NewEvent } from '../../src/thread/event.ts'
import { families } from './invariants/families.ts'
import { gatheredOnce, openTogether } from './invariants/releases.ts'
import type { Snapshot } from './invariants.ts'
import { logOf, snapshot, THREAD } from './support/forge.ts'

const PARENT = '01890000-0000-7000-8000-00000000000a'
const OTHER = '01890000-0000-7000-8000-00000000000b'
const AT = '2026-11-23T08:00:00.000Z'
const code: Actor = { kind: 'code' }
const STEP = 4

const pull = (number: number): NewEvent => {
  const about = { title: 't', author: 'ann', url: 'http://github.test/1', branch: 'main', merged_by: null }
  return { type: 'pull_request_merged', data: { number, ...about, sha: 'a'.repeat(40), merged_at: AT }, actor: code }
}
const plan = { services: ['backend'], steps: [], tests: { workflow: 'e2e.yml', ref: 'main' }, on_failure: null }
const launched: NewEvent = { type: 'thread_launched', data: { agent: 'release', title: 't' }, actor: code }
const handing: NewEvent[] = [
  launched,
  pull(1),
  { type: 'release_planned', data: { ...plan, sha: 'a'.repeat(40), pull_requests: [1] }, actor: code },
  { type: 'delegate', data: { intent: 'delegate', agent: 'deploy', message: 'm', context: {} }, actor: code },
  { type: 'child_launched', data: { to: STEP, child_id: THREAD, agent: 'deploy' }, actor: code },
]

const placed = (facts: NewEvent[], thread_id = PARENT, at = AT): Event[] =>
  facts.map((fact, i) => ({ ...fact, thread_id, seq: i + 1, at }))

const childLog = (parent = { thread_id: PARENT, seq: STEP }): Event[] =>
  logOf().map((event) => (event.type === 'thread_launched' ? { ...event, data: { ...event.data, parent } } : event))

const results = logOf().flatMap((event) => (event.type === 'deploy_backend_result' ? [event.data] : []))
const end = { child_id: THREAD, status: 'done', message: 'done', results } as const
const ended = (more: object = {}): NewEvent => ({
  type: 'child_ended',
  data: { to: STEP, ...end, results: [...results], ...more },
  actor: code,
})

const said = (logs: [string, readonly Event[]][]): string[] =>
  families({ ...snapshot(), logs: new Map(logs) } satisfies Snapshot).map(({ what }) => what)

describe('I7', () => {
  test('a parent and its child that tell one story', () =>
    expect(
      said([
        [PARENT, placed([...handing, ended()])],
        [THREAD, childLog()],
      ]),
    ).toEqual([]))
  test('a step with two children', () => {
    const twin = childLog().map((event) => ({ ...event, thread_id: OTHER }))
    const logs: [string, Event[]][] = [
      [PARENT, placed(handing)],
      [THREAD, childLog()],
      [OTHER, twin],
    ]
    expect(said(logs)).toEqual([`${PARENT} at ${STEP} has 2 children`])
  })
  test('a child of a step that launches nothing', () =>
    expect(
      said([
        [PARENT, placed(handing)],
        [THREAD, childLog({ thread_id: PARENT, seq: 2 })],
      ]),
    ).toContain(`${PARENT} at 2 launched nothing`))
  test('a child that knows no parent', () =>
    expect(
      said([
        [PARENT, placed(handing)],
        [THREAD, logOf()],
      ]),
    ).toEqual([`${THREAD} is no child of the step at ${STEP}`]))
  test('an end that the child never came to', () =>
    expect(
      said([
        [PARENT, placed([...handing, ended({ status: 'cancelled' })])],
        [THREAD, childLog()],
      ]),
    ).toEqual([`${THREAD} never ended cancelled`]))
  test('an end with other results than the child had', () =>
    expect(
      said([
        [PARENT, placed([...handing, ended({ results: [] })])],
        [THREAD, childLog()],
      ]),
    ).toEqual([`${THREAD} never ended done`]))
  test('an end that is told twice', () =>
    expect(
      said([
        [PARENT, placed([...handing, ended(), ended()])],
        [THREAD, childLog()],
      ]),
    ).toEqual([`the child of the step at ${STEP} ended again`]))
  test('something begun by what was cancelled', () => {
    const cancelled: NewEvent = { type: 'cancelled', data: { reason: '' }, actor: code }
    const log = logOf()
    const start = log[5] as Event
    const stopped = [...log.slice(0, 5), { ...cancelled, thread_id: THREAD, seq: 6, at: AT }, { ...start, seq: 7 }]
    expect(said([[THREAD, stopped as Event[]]])).toContain('tool_started at 7, after it was cancelled')
  })
  test('a child that outlives its cancelled parent', () => {
    const cancelled: NewEvent = { type: 'cancelled', data: { reason: '' }, actor: code }
    const given: NewEvent = { type: 'child_stopped', data: { to: STEP, accepted: true, message: '' }, actor: code }
    const open = childLog().slice(0, 4)
    expect(
      said([
        [PARENT, placed([...handing, cancelled, given])],
        [THREAD, open],
      ]),
    ).toEqual([`${THREAD} outlives it: awaiting_approval`])
  })
})

describe('merges', () => {
  const over: NewEvent = {
    type: 'release_finished',
    data: { outcome: 'released', message: '', sha: 'a'.repeat(40), left: [2] },
    actor: code,
  }
  const given: NewEvent = { type: 'merges_handed_on', data: { thread_id: OTHER, pull_requests: [2] }, actor: code }
  const first = placed([launched, pull(1), pull(2), over, given])
  const logs = (second: NewEvent[], at?: string) =>
    new Map([
      [PARENT, first],
      [OTHER, placed(second, OTHER, at)],
    ])

  test('each in one release, though another had handed it on', () =>
    expect(gatheredOnce(logs([launched, pull(2)]), [1, 2])).toEqual([]))
  test('one that is in none, and one that nobody merged', () =>
    expect(gatheredOnce(logs([launched, pull(3)]), [1, 2])).toEqual(['#2 is in 0 releases', '#3 was never merged']))
  test('one that is in two, and one that stands twice in a log', () =>
    expect(gatheredOnce(logs([launched, pull(1), pull(2), pull(2)]), [1, 2])).toEqual([
      '#1 is in 2 releases',
      '#2 is in 2 releases',
      '#2 stands twice in a log',
    ]))
  test('a release that began while another was open, and one that began after it', () => {
    const later = '2026-11-23T08:00:01.000Z'
    const open = placed([launched, pull(1)])
    expect(openTogether(logs([launched, pull(2)], later))).toEqual([])
    expect(
      openTogether(
        new Map([
          [PARENT, open],
          [OTHER, placed([launched, pull(2)], OTHER, later)],
        ]),
      ),
    ).toEqual([`${OTHER} began while ${PARENT} was open`])
  })
})
