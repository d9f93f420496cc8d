import fc, { type StringConstraints } from 'fast-check'

const FIRST_SURROGATE = 0xd800
const SURROGATES = 0x800
const LAST = 0x10ffff

const character = (nth: number): string => String.fromCodePoint(nth < FIRST_SURROGATE ? nth : nth + SURROGATES)

/** Which character that is; refuses all else, as fast-check asks for. */
const nthOf = (text: unknown): number => {
  const point = typeof text === 'string' ? text.codePointAt(0) : undefined
  if (point === undefined || String.fromCodePoint(point) !== text) throw new Error('not one character')
  return point < FIRST_SURROGATE ? point : point - SURROGATES
}

const anyCharacter = fc.integer({ min: 0, max: LAST - SURROGATES }).map(character, nthOf)

/**
 * Texts of whatever characters there are: what fast-check's `unit: 'binary'` makes, one for one. That one keeps a table of
 * all 1,112,064 of them, which costs each process that makes one text a second and a hundred megabytes.
 */
export const anyText = (constraints: Omit<StringConstraints, 'unit'> = {}) =>
  fc.string({ ...constraints, unit: anyCharacter })
