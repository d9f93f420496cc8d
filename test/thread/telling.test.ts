import { describe, expect, test } from 'vitest'
import type { Address } from '../../src/thread/contact/address.ts'
import { askedAt } from '../../src/thread/contact/question.ts'
import type { Contacted } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import type { Policy } from '../../src/thread/policy.ts'
import type { Rules } from '../../src/thread/rules.ts'
import type { ThreadState } from '../../src/thread/state.ts'
import { storyOf } from '../../src/thread/story.ts'
import { after as secondsAfter } from '../../src/thread/time.ts'
import {
  approves,
  asked,
  later,
  looked,
  policy,
  prepared,
  proposed,
  rules,
  running,
  START,
  said,
  story,
  timer,
} from './spec.ts'

const withReply = (reply_to: Address) => ({ ...asked(), reply_to })
const started = (reply_to: Address) => {
  const [, ...rest] = running
  return story([withReply(reply_to), ...rest])
}

/** Everybody who is to hear something now did, or did not. */
const told =
  (more: Partial<Contacted> = {}) =>
  (state: ThreadState) => {
    const effect = next(state, '9999-01-01T00:00:00.000Z')
    const tellings = effect.do === 'contact_human' ? effect.tellings : []
    return {
      type: 'contacted' as const,
      told: tellings.map(({ seq: to, address, about, person }) => ({
        to,
        address,
        about,
        person,
        channel: 'x',
        ok: true,
        ref: `m${to}`,
        ...more,
      })),
    }
  }

const tellingsOf = (state: ThreadState, at?: string) => {
  const effect = next(state, at)
  return effect.do === 'contact_human' ? effect.tellings : []
}

describe('whoever asked', () => {
  const onPull = { pull_request: 7, repository: 'acme/shop' }

  test('from a pull request hears that what they were asked about runs now', () => {
    const { state, events } = started(onPull)
    const seq = events.findLast(({ type }) => type === 'tool_started')?.seq ?? 0
    expect(next(state)).toMatchObject({ do: 'contact_human', tellings: [{ seq, address: onPull, kind: 'notice' }] })
  })

  test('hears it once', () => {
    const [, ...rest] = running
    const { state } = story([withReply(onPull), ...rest, told()])
    expect(next(state)).toMatchObject({ do: 'check_run' })
  })

  test('as a program is told of questions and of the end only', () =>
    expect(next(started({ webhook: 'https://x.test' }).state)).toMatchObject({ do: 'check_run' }))

  test('at Slack has a message of its own for each question, and one about how it goes', () => {
    const reply_to = { slack: { team: 'T01', channel: 'C01', thread_ts: '1.1' } }
    const { state } = story([withReply(reply_to), looked, proposed, prepared()])
    expect(tellingsOf(state).map(({ about, kind }) => [about, kind])).toEqual([
      [0, 'notice'],
      [state.status === 'awaiting_approval' ? state.request.seq : -1, 'request'],
    ])
  })

  test('is told who said yes to what runs', () => {
    const { state, events } = started(onPull)
    expect(storyOf(state, events)).toMatchObject({ approved_by: ['lead'], results: [], end: null })
  })
})

const people: Policy['people'] = {
  ...policy.people,
  lead: { github: 'Shop-Lead', slack: 'T01/U01', email: 'lead@acme.test', phone: '+15550100' },
  oncall: { email: 'oncall@acme.test' },
  local: {},
}
const reaching = (more: Partial<Policy> = {}): Rules => ({
  ...rules,
  policy: { ...policy, people, ...more },
  ways: ['slack', 'email', 'sms'],
})
const toLead = { slack: { team: 'T01', channel: 'U01' } }
const toOncall = { email: { to: 'oncall@acme.test' } }
const asking = [asked(), looked, proposed, prepared()]
/** Seconds after the start at which they are asked. */
const ASKED = asking.length - 1

describe('who may answer is called', () => {
  test('each by the first way there is to them, all at once, by name in the log', () => {
    const { state, events } = story(asking, reaching())
    expect(events.at(-1)).toMatchObject({
      type: 'contacts_named',
      data: {
        to: events.findLast(({ type }) => type === 'approval_requested')?.seq,
        contacts: [
          { person: 'lead', address: toLead, rung: 0 },
          { person: 'oncall', address: toOncall, rung: 0 },
        ],
        next_at: secondsAfter(START, ASKED + 15 * 60),
      },
    })
    expect(tellingsOf(state)).toMatchObject([
      { kind: 'request', address: toLead, person: 'lead', tried: false },
      { kind: 'request', address: toOncall, person: 'oncall', tried: false },
    ])
  })

  test('and rests until the next step of the ladder, not until it expires', () =>
    expect(next(story([...asking, told()], reaching()).state)).toEqual({
      do: 'rest',
      until: secondsAfter(START, ASKED + 15 * 60),
    }))

  test('again by more ways when nobody has answered, which reminds those who were told', () => {
    const { state } = story([...asking, told(), later(ASKED + 15 * 60, timer)], reaching())
    expect(tellingsOf(state)).toMatchObject([
      { kind: 'reminder', address: toLead, ref: expect.stringMatching(/^m/) },
      { kind: 'reminder', address: toOncall },
      { kind: 'request', address: { email: { to: 'lead@acme.test' } } },
    ])
  })

  test('nobody further once somebody has answered', () => {
    const { state, events } = story([...asking, told(), approves('oncall'), later(ASKED + 15 * 60, timer)], reaching())
    expect(events.filter(({ type }) => type === 'contacts_named')).toHaveLength(1)
    expect(state.status).toBe('running')
  })

  test('but not whoever may not approve what they asked for, nor in their quiet hours', () => {
    const quiet = { from: '22:00', to: '09:30', tz: 'Europe/Berlin' }
    const strict = { ...policy.environments, production: { ...policy.environments.production, self_approval: false } }
    const environments = strict as Policy['environments']
    const { events } = story(
      [{ ...asked(), actor: { kind: 'person', id: 'lead' } }, looked, proposed, prepared()],
      reaching({ environments, people: { ...people, oncall: { email: 'oncall@acme.test', quiet } } }),
    )
    // It is nine in Berlin when they are asked.
    expect(events.at(-1)).toMatchObject({ data: { contacts: [], next_at: secondsAfter(START, 30 * 60) } })
  })

  test('and whoever has approved is called no more', () => {
    const vault = { environment: 'vault' }
    const toVault = { ...proposed, step: { intent: 'deploy_backend', tag: 'v1.2.3', ...vault } }
    const { state, events } = story(
      [
        asked(),
        looked,
        toVault as typeof proposed,
        prepared(vault),
        told(),
        approves('lead'),
        told(),
        later(ASKED + 300, timer),
      ],
      reaching({
        escalation: [
          { after_seconds: 0, by: null },
          { after_seconds: 300, by: null },
        ],
      }),
    )
    expect(events.at(-1)).toMatchObject({ type: 'contacts_named', data: { contacts: [{ person: 'oncall' }] } })
    expect(state.status).toBe('awaiting_approval')
  })
})

describe('what was told is put right', () => {
  test('everywhere the question stands, when somebody has answered it', () => {
    const { state, events } = story([...asking, told(), approves('oncall'), prepared()], reaching())
    expect(state.status === 'running' && state.pending?.do).toBe('dispatch')
    const running = story([...asking, told(), said('wait'), told()], reaching())
    expect(tellingsOf(story([...asking, told(), said('wait')], reaching()).state)).toMatchObject([
      { kind: 'update', address: toLead },
      { kind: 'update', address: toOncall },
    ])
    expect(tellingsOf(running.state)).toEqual([])
    const seq = events.findLast(({ type }) => type === 'approval_requested')?.seq ?? 0
    expect(askedAt(seq, events)).toMatchObject({
      open: false,
      asked: { kind: 'approval', tag: 'v1.2.3' },
      news: [{ what: 'approved', by: 'oncall' }],
    })
  })

  test('also with whoever is told after the answer came: the answer was quicker than the delivery', () => {
    const { events } = story(asking, reaching())
    const seq = events.findLast(({ type }) => type === 'approval_requested')?.seq ?? 0
    const late = (state: ThreadState) => ({
      ...told()(state),
      told: [{ to: seq, address: toLead, about: seq, person: 'lead', channel: 'slack', ok: true, ref: 'm' }],
    })
    const { state } = story([...asking, said('wait'), late], reaching())
    expect(tellingsOf(state)).toMatchObject([{ kind: 'update', address: toLead, ref: 'm' }])
  })
})

describe('a channel that is down', () => {
  const down = told({ ok: false, message: 'no answer', retry_after_ms: 0 })

  test('is tried again later, each time after a longer pause, and rests until then', () => {
    const { state, events } = story([...asking, down], reaching())
    expect(events.at(-1)).toMatchObject({
      type: 'human_contacted',
      data: { ok: false, retry_at: secondsAfter(START, ASKED + 6) },
    })
    expect(next(state, START)).toEqual({ do: 'rest', until: secondsAfter(START, ASKED + 6) })
    const twice = [{ tried: true }, { tried: true }]
    expect(tellingsOf(state, secondsAfter(START, ASKED + 6))).toMatchObject(twice)
    const again = story([...asking, down, later(ASKED + 6, down)], reaching())
    expect(again.events.at(-1)).toMatchObject({ data: { retry_at: secondsAfter(START, ASKED + 6 + 30) } })
  })

  test('is given up after three days, which the log says', () => {
    const tries = Array.from({ length: 11 }, () => down)
    const { events, state } = story([withReply({ webhook: 'https://x.test' }), looked, proposed, prepared(), ...tries])
    expect(events.at(-1)).toMatchObject({ type: 'human_contacted', data: { ok: false } })
    expect(events.at(-1)?.data).not.toHaveProperty('retry_at')
    expect(tellingsOf(state)).toEqual([])
  })
})

describe('those who listen by the rules of the team', () => {
  const deploys = { slack: { team: 'T01', channel: 'C01' } }
  const notify: Policy['notify'] = [
    { address: deploys, on: ['waiting', 'started', 'succeeded', 'failed'], environments: ['production'] },
    { address: { email: { to: 'ops@acme.test' } }, on: ['failed'], services: ['backend'] },
    { address: { webhook: 'https://x.test' }, on: ['launched'] },
  ]
  const listening = { ...reaching({ notify, people: policy.people }), ways: [] }

  test('hear of what they want to hear and of nothing else', () => {
    const { events } = story(running, listening)
    const named = events.flatMap(({ type, data }) => (type === 'contacts_named' ? [data] : []))
    const at = (type: string) => events.find((event) => event.type === type)?.seq
    expect(named).toMatchObject([
      { to: at('thread_launched'), contacts: [{ address: { webhook: 'https://x.test' } }] },
      { to: at('approval_requested'), contacts: [{ address: deploys, person: null }] },
      { to: at('tool_started'), contacts: [{ address: deploys }] },
    ])
  })

  test('have one message about each question and one about the thread, which is edited', () => {
    const { state } = story([...asking, told()], listening)
    const posts = Object.values(state.contacts.posts).filter(({ address }) => 'slack' in address)
    expect(posts).toMatchObject([{ about: expect.any(Number), shows: expect.any(Number) }])
    expect(state.contacts.posts).toHaveProperty(['webhook:https://x.test 0'])
  })
})
