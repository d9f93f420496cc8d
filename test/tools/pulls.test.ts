import { expect, test } from 'vitest'
import { open } from './support.ts'

const REPOSITORY = 'acme/shop'

test('a merged pull request is told as GitHub has it', async () => {
  const { tools, control } = await open()
  const [{ number, sha }] = (await control('POST', '/merges', { title: 'Faster \u202Ecart', by: 'shop-lead' })) as [
    { number: number; sha: string },
  ]
  expect(await tools.pulls.merged(REPOSITORY, number)).toMatchObject({
    number,
    sha,
    title: 'Faster cart',
    branch: 'main',
    merged_by: 'shop-lead',
  })
})

test('one that is open, closed without a merge or not there is none', async () => {
  const { tools, control } = await open()
  const { number } = await control<{ number: number }>('POST', '/pulls', { title: 'Later' })
  expect(await tools.pulls.merged(REPOSITORY, number)).toBeNull()
  await control('POST', `/pulls/${number}/close`)
  expect(await tools.pulls.merged(REPOSITORY, number)).toBeNull()
  expect(await tools.pulls.merged(REPOSITORY, 9_999)).toBeNull()
})

test('a storm of merges is listed whole, the oldest first, through all its pages', async () => {
  const { tools, control } = await open()
  const since = new Date(Date.now() - 1_000).toISOString()
  const merges = await control<{ number: number }[]>('POST', '/merges', { count: 60 })
  const found = await tools.pulls.mergedSince(REPOSITORY, 'main', since)
  expect(found.map(({ number }) => number)).toEqual(merges.map(({ number }) => number))
  expect(await tools.pulls.mergedSince(REPOSITORY, 'next', since)).toEqual([])
})
