import { describe, expect, test } from 'vitest'
import type { Appended } from '../../src/agent/ports.ts'
import { closings, dispatchNews, ending, secondsOf } from '../../src/telemetry/changes.ts'
import { forkOf } from '../../src/thread/fork.ts'
import {
  accepted,
  approves,
  asked,
  cancels,
  looked,
  noRunSeen,
  person,
  prepared,
  proposed,
  refusedByGitHub,
  rejects,
  responds,
  runIs,
  running,
  said,
  selected,
  story,
  toldLater,
  toolFails,
  toVault,
  unclear,
} from '../thread/spec.ts'

type Steps = Parameters<typeof story>[0]

/** What the last of these steps appended. */
const last = (...steps: Steps): Appended => {
  const before = story(steps.slice(0, -1))
  const { state, events } = story(steps)
  return { before: before.state, after: state, events: events.slice(before.events.length), log: events }
}
const ends = (...steps: Steps) =>
  closings(last(...steps)).map((closing) => [closing.question, closing.outcome, secondsOf(closing)])

const waiting = [asked(), looked, proposed, prepared()]
const vault = [asked(), looked, toVault, prepared({ environment: 'vault', stage: null })]
const dispatching = [...waiting, approves(), prepared()]

describe('a question to people ends', () => {
  test('with a yes', () => expect(ends(...waiting, approves())).toEqual([['approval', 'answered', 1]]))
  test('with a no', () => expect(ends(...waiting, rejects('no'))).toEqual([['approval', 'denied', 1]]))
  test('with other words', () => expect(ends(...waiting, said('wait'))).toEqual([['approval', 'superseded', 1]]))
  test('with its thread', () => expect(ends(...waiting, cancels())).toEqual([['approval', 'superseded', 1]]))
  test('with the last yes that it needs, not the first', () => {
    expect(ends(...vault, approves('lead'))).toEqual([])
    expect(ends(...vault, approves('lead'), approves('oncall'))).toEqual([['approval', 'answered', 2]])
  })
  test('once, although its approval is voided later', () =>
    expect(ends(...waiting, approves(), prepared({ sha: 'c'.repeat(40) }))).toEqual([]))
  test('that the model asked', () => {
    const question = selected({ intent: 'request_more_information', question: 'which?' })
    expect(ends(asked(), looked, question, responds('dev', { response: 'backend' }))).toEqual([
      ['input', 'answered', 1],
    ])
  })
  test('and a dispatch is made not in a copy of its thread', () => {
    const { events } = story(running)
    const copied = forkOf(events, events.length, { id: 'copy', actor: person('dev'), at: '2026-11-24T08:00:00.000Z' })
    const fork = { before: null, after: story(running).state, events: copied, log: copied }
    expect(closings(fork)).toEqual([])
    expect(dispatchNews(fork)).toEqual([])
  })
})

describe('a thread ends', () => {
  const over = selected({ intent: 'nothing_to_do', message: 'no' })
  test('when it is done', () => expect(ending(last(asked(), looked, over))).toBe('done'))
  test('when it is cancelled', () => expect(ending(last(...waiting, cancels()))).toBe('cancelled'))
  test('not while it waits', () => expect(ending(last(...waiting))).toBeNull())
  test('not by what is written after its end', () =>
    expect(ending(last(...running, cancels(), runIs('completed', 'success')))).toBeNull())
})

describe('of a dispatch it becomes known that', () => {
  const news = (...steps: Steps) => dispatchNews(last(...steps))
  test.each<[string, Steps[number], string]>([
    ['GitHub took it', accepted(), 'accepted'],
    ['GitHub refused it', refusedByGitHub, 'refused'],
    ['GitHub said later', toldLater, 'deferred'],
    ['nobody knows', unclear, 'unclear'],
  ])('%s', (_, step, outcome) => expect(news(...dispatching, step)).toEqual([outcome]))

  test('a look-up that failed is no refused dispatch', () =>
    expect(news(asked(), looked, proposed, toolFails('unknown_tag'))).toEqual([]))
  test('a run that is followed is no news of its dispatch', () => expect(news(...running, noRunSeen)).toEqual([]))
})
