import { isDeepStrictEqual } from 'node:util'
import { ModelError } from './errors.ts'

/**
 * The reply as exactly one JSON object, fenced or not, that says nothing twice. Anything else (prose around it, two
 * objects, a cut string) is what BAML's parser would repair into a step that nobody proposed.
 */
export const readObject = (reply: string): object => {
  const json = unfenced(reply.trim())
  const value = parsed(json)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw notOneObject()
  if (keysWritten(json) !== keysIn(value)) throw new ModelError('model_ambiguous', 'the reply gives a field twice')
  if (valuesIn(value) > MOST_VALUES) {
    throw new ModelError('model_unreadable', `the reply has more than ${MOST_VALUES} values`)
  }
  return value
}

// No step has a tenth of it, and BAML's parser took 1.8 s over a list of 7500 numbers.
const MOST_VALUES = 100

/** Whether BAML's reading adds nothing to what the model wrote, and leaves nothing out. */
export const agrees = (written: object, step: object): boolean => isDeepStrictEqual(said(written), said(step))

const unfenced = (reply: string): string => /^```(?:json)?[ \t]*\n([\s\S]*)\n```$/.exec(reply)?.[1] ?? reply

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    throw notOneObject()
  }
}

const notOneObject = () =>
  new ModelError('model_unreadable', 'the reply must be exactly one JSON object and nothing else')

/** In valid JSON every `"` begins or ends a string, and a string before a colon is a key. */
const keysWritten = (json: string): number =>
  [...json.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length

const keysIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 0
  const own = Array.isArray(value) ? 0 : Object.keys(value).length
  return Object.values(value).reduce((sum: number, item: unknown) => sum + keysIn(item), own)
}

const valuesIn = (value: unknown): number => {
  if (typeof value !== 'object' || value === null) return 1
  return Object.values(value).reduce((sum: number, item: unknown) => sum + valuesIn(item), 0)
}

/** A field that is null, or an empty list, is one that was not given. */
const said = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(said)
  if (typeof value !== 'object' || value === null) return value
  const given = Object.entries(value).filter(([, item]) => item !== null && !(Array.isArray(item) && item.length === 0))
  return new Map(given.map(([name, item]) => [name, said(item)]))
}
