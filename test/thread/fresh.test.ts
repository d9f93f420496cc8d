import { describe, expect, test } from 'vitest'
import { isFresh } from '../../src/thread/fresh.ts'
import { asked, from, looked, policy, prepared, proposed, rejects, responds, rules, START, story } from './spec.ts'

const production = { ...policy.environments['production'], fresh_sign_in_seconds: 900 }
const strict = { ...rules, policy: { ...policy, environments: { ...policy.environments, production } } } as typeof rules
const { state, now } = story([asked(), looked, proposed, prepared()], strict)
const ago = (seconds: number): string => new Date(Date.parse(now) - seconds * 1000).toISOString()
const yes = (signed_in_at?: string, by = 'lead') =>
  responds(by, { approved: true, ...(signed_in_at === undefined ? {} : { signed_in_at }) })

describe('where policy wants a fresh sign-in', () => {
  test('the question says so', () =>
    expect(state).toMatchObject({ status: 'awaiting_approval', request: { fresh_sign_in_seconds: 900 } }))
  test('a yes counts from whoever signed in a moment ago, and when that was is written down', () => {
    const signed_in_at = ago(600)
    from(state, strict).when(yes(signed_in_at)).yields({ type: 'approval_given', data: { signed_in_at } })
  })
  test.each([
    ['no sign-in at all, as by a token or in Slack', undefined],
    ['one of an hour ago', ago(3_600)],
    ['one to come', ago(-60)],
    ['one at no time', 'yesterday'],
  ])('none counts with %s', (_, signed_in_at) =>
    from(state, strict).when(yes(signed_in_at)).isRefused('fresh_sign_in_needed'),
  )
  test('a sign-in makes nobody an approver', () =>
    from(state, strict).when(yes(now, 'dev')).isRefused('not_yours_to_answer'))
  test('a no and an edit need none', () => {
    from(state, strict).when(rejects('no')).yields({ type: 'approval_denied' })
    from(state, strict)
      .when(responds('lead', { args: { tag: 'v1.2.2' } }))
      .yields({ type: 'approval_superseded' }, { type: 'deploy_backend' })
  })
  test('what starts is what was proposed: who may say yes how is no part of it', () => {
    const moves = [asked(), looked, proposed, prepared(), yes(START)]
    expect(JSON.stringify(story(moves, strict).state)).not.toContain('fresh_sign_in')
  })
})

test('elsewhere a yes says nothing of a sign-in', () => {
  const { events } = story([
    asked(),
    looked,
    proposed,
    prepared(),
    responds('lead', { approved: true, signed_in_at: START }),
  ])
  expect(events.at(-1)).toMatchObject({
    type: 'approval_given',
    data: expect.not.objectContaining({ signed_in_at: START }),
  })
})

test.each([
  [0, true],
  [900, true],
  [901, false],
  [-1, false],
])('a sign-in of %i seconds ago is fresh for 15 minutes: %s', (seconds, fresh) =>
  expect(isFresh(now, ago(seconds), 900)).toBe(fresh),
)
