import { expect, test } from 'vitest'
import type { Listing, Log } from '../../src/agent/ports.ts'
import { whoSays } from '../../src/http/linked.ts'
import type { Input } from '../../src/thread/input.ts'
import { policy, responds, rules, story, THREAD } from '../thread/spec.ts'

const identity = { slack: 'T01/U77' }
const people = { ...policy.people, lead: { email: 'lead@acme.test' } }
const claims: Input = { type: 'link', identity, person: 'lead', actor: { kind: 'caller', id: 'T01/U77', via: 'slack' } }
const { events } = story([claims, responds('lead', { approved: true })], {
  ...rules,
  ways: ['email'],
  policy: { ...policy, people },
})

/** As the index finds the thread by any key, which a mistake in it could do. */
const whoIs = (asked: Parameters<typeof whoSays>[0], team: typeof policy.people) =>
  whoSays(asked, 'slack', {
    policy: { ...policy, people: team },
    listing: { threadAt: async () => THREAD } as unknown as Listing,
    log: { load: async () => ({ events }) } as unknown as Log,
  })

test('an account that was linked is that person for as long as deploybot.yaml names them', async () => {
  expect(await whoIs(identity, people)).toEqual({ kind: 'person', id: 'lead', via: 'slack' })
  const { lead: _, ...others } = people
  expect(await whoIs(identity, others)).toMatchObject({ kind: 'caller', id: 'T01/U77' })
})

test.each([{ slack: 'T02/U77' }, { slack: 'T01/U78' }, { email: 'T01/U77' }])('%j is somebody else', async (other) =>
  expect(await whoIs(other, people)).toMatchObject({ kind: 'caller' }),
)
