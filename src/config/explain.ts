import { Value } from 'typebox/value'
import { quote } from './error.ts'
import { DeploybotYaml, IN_WORDS } from './yaml-schema.ts'

type Problem = ReturnType<typeof Value.Errors>[number]
interface Schema {
  properties?: Record<string, Schema>
  patternProperties?: Record<string, Schema>
  items?: Schema
}

/** A line for each thing that the schema does not allow. */
export const explain = (value: unknown, at: (path: string[]) => string): string[] => {
  // `additionalProperties` says again, less exactly, what `boolean` says of the very key.
  const problems = Value.Errors(DeploybotYaml, value).filter(({ keyword }) => keyword !== 'additionalProperties')
  return problems.map((problem) => {
    const path = problem.instancePath.split('/').slice(1)
    return `${at(path)}: ${inWords(problem, path, value)}`
  })
}

const inWords = ({ keyword, params, message }: Problem, path: string[], value: unknown): string => {
  const found = quote(path.reduce<unknown>((node, key) => (node as Record<string, unknown>)?.[key], value))
  const { pattern, type } = params as { pattern?: string; type?: string }
  switch (keyword) {
    case 'boolean':
      return unknownKey(path)
    case 'pattern':
      return `${found} must be ${IN_WORDS[pattern ?? ''] ?? pattern}`
    case 'type':
      return `${found} must be ${TYPES[type ?? ''] ?? type}`
    case 'required':
      return `${(params as { requiredProperties: string[] }).requiredProperties.join(', ')} is missing`
    default:
      return `${found} ${message}`
  }
}

const TYPES: Record<string, string> = {
  integer: 'a whole number',
  string: 'a text',
  boolean: 'true or false',
  array: 'a list',
  object: 'a group of keys',
}

const unknownKey = (path: string[]): string => {
  const parent = path.slice(0, -1).reduce<Schema | undefined>(child, DeploybotYaml as Schema)
  const known = Object.keys(parent?.properties ?? {})
  if (known.length === 0) return `must be ${IN_WORDS[Object.keys(parent?.patternProperties ?? {})[0] ?? '']}`
  const meant = known.find((key) => similar(key, path.at(-1) ?? ''))
  return `unknown key${meant ? ` (did you mean ${meant}?)` : ''}; allowed: ${known.join(', ')}`
}

const child = (schema: Schema | undefined, key: string): Schema | undefined =>
  schema?.properties?.[key] ?? schema?.items ?? Object.values(schema?.patternProperties ?? {})[0]

/** Near enough for a slip of the finger: one begins like the other, or they share nearly all letters. */
const similar = (a: string, b: string): boolean =>
  a.startsWith(b.slice(0, 4)) ||
  [...b].filter((letter) => a.includes(letter)).length >= Math.max(a.length, b.length) - 1
