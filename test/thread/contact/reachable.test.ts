import { expect, test } from 'vitest'
import { addressIn } from '../../../src/thread/contact/reachable.ts'
import type { Policy } from '../../../src/thread/policy.ts'

const rules: Pick<Policy, 'people' | 'notify'> = {
  people: { lead: { slack: 'T01/U01', email: 'lead@acme.test', phone: '+15550100' }, local: {} },
  notify: [
    { on: ['failed'], address: { slack: { team: 'T01', channel: 'C01' } } },
    { on: ['failed'], address: { email: { to: 'ops@acme.test' } } },
  ],
}
const known = (way: 'slack' | 'email' | 'sms', given: string) => addressIn(rules as Policy, way, given)

test('people are written to where the rules reach them, and news goes where the rules send it', () => {
  expect(known('slack', 'T01/U01')).toEqual({ slack: { team: 'T01', channel: 'U01' } })
  expect(known('slack', 'T01/C01')).toEqual({ slack: { team: 'T01', channel: 'C01' } })
  expect(known('email', 'LEAD@acme.test')).toEqual({ email: { to: 'lead@acme.test' } })
  expect(known('email', 'ops@acme.test')).toEqual({ email: { to: 'ops@acme.test' } })
  expect(known('sms', '+15550100')).toEqual({ sms: '+15550100' })
})

test.each([
  ['slack', 'T02/U01'],
  ['slack', 'T01/U01/1.1'],
  ['slack', 'lead@acme.test'],
  ['slack', ''],
  ['email', 'lead@acme.test.evil.test'],
  ['email', 'lead@acme.test, you@evil.test'],
  ['email', '+15550100'],
  ['sms', '+15550101'],
  ['sms', ''],
] as const)('nobody else is: %s %s', (way, given) => expect(known(way, given)).toBeNull())
