import { expect, test } from 'vitest'
import { open as opened, v122 } from './support.ts'

const place = { service: 'backend', environment: 'production', ref: 'main' }

test('what waits on a branch is counted from what is live', async () => {
  const { tools } = await opened()
  const waiting = await tools.branches.waiting('acme/shop', place)
  expect(waiting).toMatchObject({
    live: { tag: 'v1.2.2', sha: v122 },
    head: expect.stringMatching(/^4af9ec0/),
    commits: 12,
  })
})

test.each([
  ['where nothing is live', { ...place, service: 'search' }],
  ['of a branch that is not there', { ...place, ref: 'gone' }],
])('nothing waits %s', async (_, where) => {
  const { tools } = await opened()
  expect(await tools.branches.waiting('acme/shop', where)).toBeNull()
})
