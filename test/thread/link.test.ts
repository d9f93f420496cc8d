import { describe, expect, test } from 'vitest'
import { repliesAt } from '../../src/thread/contact/replies.ts'
import type { Input } from '../../src/thread/input.ts'
import { next } from '../../src/thread/next.ts'
import type { Rules } from '../../src/thread/rules.ts'
import { cancels, from, policy, responds, rules, said, story } from './spec.ts'

const reaching: Rules = {
  ...rules,
  ways: ['slack', 'email'],
  policy: { ...policy, people: { ...policy.people, lead: { email: 'lead@acme.test' } } },
}
const claims = (person = 'lead'): Input => ({
  type: 'link',
  identity: { slack: 'T01/U77' },
  person,
  actor: { kind: 'caller', id: 'T01/U77', via: 'slack' },
})

describe('somebody says that they are a person of deploybot.yaml', () => {
  test('and that person is asked, where they are known already', () => {
    const { state, events } = story([claims()], reaching)
    expect(events.at(-1)).toMatchObject({
      type: 'contacts_named',
      data: { contacts: [{ person: 'lead', address: { email: { to: 'lead@acme.test' } } }] },
    })
    expect(next(state)).toMatchObject({ do: 'contact_human', tellings: [{ kind: 'request', person: 'lead' }] })
    expect(repliesAt(state)).toBeNull()
  })

  test('and is nobody until that person has said yes', () => {
    const { state, events } = story([claims(), responds('lead', { approved: true })], reaching)
    expect(events.slice(-2)).toMatchObject([
      { type: 'identity_linked', data: { identity: { slack: 'T01/U77' }, person: 'lead' } },
      { type: 'done_for_now' },
    ])
    expect(repliesAt(state)).toBe('is:slack:T01/U77')
  })

  test('of an address of mail too, however it is written', () => {
    const mail: Input = { ...claims(), type: 'link', identity: { email: 'Maya@acme.test' } } as Input
    const { state } = story([mail, responds('lead', { approved: true })], reaching)
    expect(repliesAt(state)).toBe('is:email:maya@acme.test')
    expect(state).toMatchObject({ message: expect.stringContaining('Maya@acme.test is lead from now on') })
  })

  test('and is nobody at all where they say no', () => {
    const { state } = story([claims(), responds('lead', { approved: false })], reaching)
    expect(state).toMatchObject({ status: 'done', message: 'T01/U77 is not lead' })
    expect(repliesAt(state)).toBeNull()
  })

  test('which nobody else can answer, and no words', () => {
    const { state } = story([claims()], reaching)
    from(state, reaching)
      .when(responds('oncall', { approved: true }))
      .isRefused('not_yours_to_answer')
    from(state, reaching)
      .when({ ...responds('lead', { approved: true })(state), actor: { kind: 'caller', id: 'T01/U77' } } as Input)
      .isRefused('not_yours_to_answer')
    from(state, reaching).when(said('yes, it is me')).isRefused('is_a_link')
  })

  test('is taken back by cancelling', () => {
    const { state } = story([claims(), responds('lead', { approved: true }), cancels('lead')], reaching)
    expect(state.status).toBe('cancelled')
    expect(repliesAt(state)).toBeNull()
  })

  test('who is not there, or cannot be asked', () => {
    const refused = (input: Input) => () => story([input], reaching)
    expect(refused(claims('nobody'))).toThrow(expect.objectContaining({ code: 'unknown_person' }))
    expect(refused(claims('constructor'))).toThrow(expect.objectContaining({ code: 'unknown_person' }))
    expect(refused(claims('oncall'))).toThrow(expect.objectContaining({ code: 'nobody_to_confirm' }))
  })
})
