import fc from 'fast-check'
import { expect, test } from 'vitest'
import { idOfShort, shortOf } from '../../src/thread/contact/short.ts'

test('a short link leads to its thread, and is never longer than 25 letters', () =>
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(shortOf(id).length).toBeLessThanOrEqual(25)
      expect(idOfShort(shortOf(id))).toBe(id)
    }),
  ))

test.each(['', 'A', 'x'.repeat(26), 'z'.repeat(25), '../..', '1 2'])('%j leads nowhere', (short) =>
  expect(idOfShort(short)).toBeNull(),
)
