import { expect, test } from 'vitest'
import { nearest } from '../../src/tools/nearest.ts'

const tags = ['v1.2.2', 'v1.2.3', 'v1.2.4', 'v1.10.0', 'v2.0.0', 'nightly']

test.each([
  ['v1.2.33', 'v1.2.3'],
  ['1.2.4', 'v1.2.4'],
  ['v2.0', 'v2.0.0'],
  ['nightlies', 'nightly'],
])('for %s the nearest is %s', (wanted, name) => {
  expect(nearest(wanted, tags)[0]).toBe(name)
})

test('of names that are as near the highest version comes first', () => {
  expect(nearest('v1.2.9', ['v1.2.2', 'v1.2.4', 'v1.2.3'], 2)).toEqual(['v1.2.4', 'v1.2.3'])
})

test('a name as long as a book costs no time', () => {
  const began = Date.now()
  nearest(
    'x'.repeat(1_000_000),
    Array.from({ length: 300 }, (_, index) => `v${index}`),
  )
  expect(Date.now() - began).toBeLessThan(500)
})
