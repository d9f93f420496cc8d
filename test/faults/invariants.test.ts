import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import type { Acknowledged } from './invariants.ts'
import { violations } from './invariants.ts'
import { changed, DISPATCH, INPUTS, logOf, person, replaced, snapshot, THREAD } from './support/forge.ts'

type Spoilt = Parameters<typeof snapshot>[0]

/** The names of the promises that this breaks. What breaks the log breaks its fold too, which is not asked here. */
const broken = (spoilt: Spoilt): string[] => [
  ...new Set(
    violations(snapshot(spoilt))
      .map(({ invariant }) => invariant)
      .filter((name) => name !== 'I5'),
  ),
]

test('a run that kept every promise breaks none', () => expect(violations(snapshot())).toEqual([]))

test('a thread whose log we spoilt ourselves is not held against anybody', () =>
  expect(violations(snapshot({ log: logOf().slice(1) }), [THREAD])).toEqual([]))

describe('I1', () => {
  test('a gap', () => expect(broken({ log: logOf().filter(({ seq }) => seq !== 8) })).toEqual(['I1']))
  test('a duplicate', () => {
    const log = logOf()
    expect(broken({ log: [...log, ...log.slice(-1)] })).toEqual(['I1'])
  })
  test('a log that does not begin at 1', () =>
    expect(broken({ log: logOf().map((event) => ({ ...event, seq: event.seq + 1 })) })).toContain('I1'))
})

describe('I2', () => {
  const lost: Acknowledged[] = [
    { kind: 'launched', thread: THREAD, mark: 'another' },
    { kind: 'launched', thread: THREAD.replace('1', '2'), mark: 'm1' },
    { kind: 'said', thread: THREAD, message: 'words that nobody wrote down' },
    { kind: 'approved', thread: THREAD, to: 4, by: 'oncall' },
    { kind: 'denied', thread: THREAD, to: 4, by: 'lead' },
    { kind: 'cancelled', thread: THREAD },
    { kind: 'delivered', thread: THREAD, source: 'github', id: 'd2' },
  ]
  test.each(lost)('$kind, acknowledged and lost', (input) => expect(broken({ acknowledged: [input] })).toEqual(['I2']))
  test('a delivery that was taken twice', () => {
    const delivery = { source: 'github', id: 'd1:hash', thread_id: THREAD }
    expect(broken({ deliveries: [delivery, delivery] })).toEqual(['I2'])
  })
  test('one launch that made two threads', () => {
    const { logs, ...rest } = snapshot()
    const twin = new Map([...logs, ['01890000-0000-7000-8000-000000000009', logOf().slice(0, 2)]])
    expect(violations({ ...rest, logs: twin }).map(({ invariant }) => invariant)).toContain('I2')
  })
})

describe('I3', () => {
  const post = { dispatch_id: DISPATCH, inputs: INPUTS, accepted: true, at: 0 }
  const report = { dispatch_id: DISPATCH, run_id: 7, attempt: 1, conclusion: null, html_url: '' }
  const github = { kind: 'github' } as const
  test('a dispatch that was sent twice, even where GitHub took one', () =>
    expect(broken({ posts: [post, { ...post, accepted: false }] })).toEqual(['I3']))
  test('a result without a run', () => expect(broken({ posts: [] })).toEqual(['I3']))
  test('a result of a run that GitHub refused', () =>
    expect(broken({ posts: [{ ...post, accepted: false }] })).toEqual(['I3']))
  test('a step that ran under two dispatches', () => {
    const second = `${THREAD}-12`
    const again = { type: 'tool_started', data: { ...logOf()[5]?.data, dispatch_id: second }, actor: { kind: 'code' } }
    const log = [...logOf(), { ...again, thread_id: THREAD, seq: 12, at: logOf()[5]?.at } as never]
    const posts = [post, { ...post, dispatch_id: second, inputs: { ...INPUTS, dispatch_id: second } }]
    expect(broken({ log, posts })).toEqual(['I3'])
  })
  test('a run that went back', () =>
    expect(
      broken({
        log: [
          ...logOf(),
          { ...logOf()[7], seq: 12, type: 'run_reported', data: { ...report, status: 'queued' } } as never,
        ],
      }),
    ).toEqual(['I3']))
  test('two results of one dispatch', () =>
    expect(broken({ log: [...logOf(), { ...logOf()[9], seq: 12, actor: github } as never] })).toEqual(['I3']))
})

describe('I4', () => {
  const given = (by: string, to = 4) =>
    replaced(5, { ...logOf()[4], data: { ...logOf()[4]?.data, to }, actor: person(by) } as never)
  const lead = { acknowledged: [] }
  test.each<[string, Spoilt]>([
    [
      'a dispatch that the log never intended',
      { posts: [...snapshot().posts, { dispatch_id: `${THREAD}-99`, inputs: {}, accepted: false, at: 0 }] },
    ],
    [
      'another commit than was shown',
      { posts: [{ dispatch_id: DISPATCH, inputs: { ...INPUTS, sha: 'b'.repeat(40) }, accepted: true, at: 0 }] },
    ],
    [
      'no approval',
      { ...lead, log: replaced(5, { type: 'message', data: { message: 'yes' }, actor: person('lead') }) },
    ],
    ['an approval by somebody else', { ...lead, log: given('intern') }],
    ['an approval by whoever asked', { ...lead, log: changed(5, { actor: person('dev') }) }],
    ['an approval of another question', { ...lead, log: given('lead', 3) }],
    ['an approval of another hash', { ...lead, log: changed(5, {}, { args_hash: 'x' }) }],
    ['an approval by nobody', { ...lead, log: changed(5, { actor: { kind: 'caller', id: 'lead' } }) }],
    ['an approval after it expired', { ...lead, log: changed(5, { at: '2026-11-23T09:00:00.000Z' }) }],
    ['a start after it expired', { log: changed(6, { at: '2026-11-23T09:00:00.000Z' }) }],
    ['a start with another hash', { log: changed(6, {}, { args_hash: 'x' }) }],
    ['one approval where two are needed', { log: changed(4, {}, { quorum: 2 }) }],
    ['facts that were changed under their hash', { log: changed(4, {}, { ref: 'evil' }) }],
  ])('%s', (_, spoilt) => expect(broken(spoilt)).toEqual(['I4']))

  test('a question that was voided before the start', () => {
    const yes = logOf()[4] as never
    const log = replaced(5, yes, {
      type: 'approval_superseded',
      data: { to: 4, reason: 'message' },
      actor: person('dev'),
    })
    const moved = log.map((event) =>
      event.type === 'tool_started' ? { ...event, data: { ...event.data, dispatch_id: DISPATCH } } : event,
    )
    expect(broken({ log: moved })).toEqual(['I4'])
  })

  test('a waiver stands for approvals', () => {
    const data = { ...logOf()[3]?.data, reason: 'policy' }
    const waived = { type: 'approval_waived', data, actor: { kind: 'code' } }
    const log = replaced(4, waived as never).map((event) =>
      event.type === 'approval_given' ? ({ ...event, type: 'message', data: { message: 'hi' } } as never) : event,
    )
    expect(broken({ ...lead, log })).toEqual([])
  })
})

describe('I5', () => {
  const row = snapshot().rows.get(THREAD)
  const says = (more: object, log = logOf()) =>
    violations(snapshot({ log, rows: new Map([[THREAD, { ...row, ...more } as never]]) })).map(
      ({ invariant }) => invariant,
    )
  test.each([
    { status: 'running' },
    { title: 'other' },
    { run_id: 7 },
    { agent: 'other' },
    { created_at: '2026-01-01T00:00:00.000Z' },
  ])('a row that says %j', (more) => expect(says(more)).toEqual(['I5']))
  test('a log without a row', () =>
    expect(violations(snapshot({ rows: new Map() }))).toMatchObject([{ invariant: 'I5' }]))
  test('a deployment without its row, and a row of none', () => {
    const told = (seqs: number[]) =>
      violations(snapshot({ deployments: seqs.map((seq) => ({ thread_id: THREAD, seq })) })).map(({ what }) => what)
    expect(told([])).toEqual(['no row of what ended at 10'])
    expect(told([10, 3])).toEqual(['a row of what did not end at 3'])
  })
  test('a row without a log', () =>
    expect(
      violations(
        snapshot({
          rows: new Map([
            [THREAD, row],
            ['x', row],
          ] as never),
        }),
      ),
    ).toMatchObject([{ invariant: 'I5', thread: 'x' }]))
  test('a thread with work to do that nothing wakes', () =>
    expect(says({ status: 'running' }, logOf().slice(0, 10))).toEqual(['I5']))
  test('a log that cannot be read', () =>
    expect(violations(snapshot({ log: changed(3, { type: 'nonsense' }) })).map(({ what }) => what)).toContainEqual(
      expect.stringMatching(/cannot be read|folds to/),
    ))
})

describe('I6', () => {
  const OTHER = THREAD.replace('1', '2')
  /** A second thread in the same place, from `start` to `end` seconds after the first one began. */
  const beside = (start: number, end: number) => {
    const moved = (seconds: number): string =>
      new Date(Date.parse('2026-11-23T08:00:00.000Z') + seconds * 1000).toISOString()
    const first = logOf().map((event) => ({ ...event, at: moved(event.seq < 6 ? 0 : event.seq < 10 ? 10 : 20) }))
    const id = `${THREAD}-second`
    const second = logOf().map((event) => ({
      ...event,
      data: 'dispatch_id' in event.data ? { ...event.data, dispatch_id: id } : event.data,
      thread_id: OTHER,
      at: moved(event.seq < 6 ? 0 : event.seq < 10 ? start : end),
    })) as unknown as Event[]
    const [post] = snapshot().posts
    const posts = post
      ? [
          { ...post, at: Date.parse(moved(10)) },
          { ...post, dispatch_id: id, at: Date.parse(moved(start)) },
        ]
      : []
    const { logs: _, ...rest } = snapshot()
    return violations({
      ...rest,
      posts,
      logs: new Map([
        [THREAD, first],
        [OTHER, second],
      ]),
    })
      .filter(({ invariant }) => invariant === 'I6')
      .map(({ thread }) => thread)
  }
  test('two dispatches at once in one place', () => expect(beside(15, 30)).toEqual([OTHER]))
  test('one within the other', () => expect(beside(11, 12)).toEqual([OTHER]))
  test('one after the other is as it should be', () => {
    expect(beside(20, 30)).toEqual([])
    expect(beside(1, 9)).toEqual([])
  })
})
