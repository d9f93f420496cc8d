import { QueryError, type Tokens, tokens } from './tokens.ts'

export type Value = string | number | boolean | null | { enum: string } | { variable: string } | Value[] | ValueObject
interface ValueObject {
  object: Record<string, Value>
}

export interface FieldNode {
  kind: 'field'
  name: string
  /** Under which name it is answered. */
  as: string
  args: Record<string, Value>
  selection: Selection[] | null
}
/** `... on Commit { … }` */
export interface FragmentNode {
  kind: 'fragment'
  on: string
  selection: Selection[]
}
export type Selection = FieldNode | FragmentNode

export interface Query {
  /** Declared variables with their types, as in `[String!]!`. */
  variables: Record<string, string>
  selection: Selection[]
}

/** One query, as far as the stand-in needs the language: no mutations, no named fragments, no directives. */
export const parse = (text: string): Query => {
  const words = tokens(text)
  words.take('query')
  if (words.peek() !== '(' && words.peek() !== '{') words.take()
  const variables = words.skip('(') ? declarations(words) : {}
  const query = { variables, selection: selection(words) }
  if (words.peek() !== undefined) throw new QueryError('parseError', `Unexpected ${words.peek()}`)
  return query
}

const declarations = (words: Tokens): Query['variables'] => {
  const found: Query['variables'] = {}
  while (!words.skip(')')) {
    words.take('$')
    const name = words.take()
    words.take(':')
    found[name] = typeName(words)
  }
  return found
}

/** `String`, `String!`, `[String!]!` */
export const typeName = (words: Tokens): string => {
  const inner = words.skip('[') ? `[${typeName(words)}${words.take(']')}` : words.take()
  return words.skip('!') ? `${inner}!` : inner
}

const selection = (words: Tokens): Selection[] => {
  words.take('{')
  const found: Selection[] = []
  while (!words.skip('}')) found.push(words.skip('...') ? fragment(words) : field(words))
  return found
}

const fragment = (words: Tokens): FragmentNode => {
  words.take('on')
  return { kind: 'fragment', on: words.take(), selection: selection(words) }
}

const field = (words: Tokens): FieldNode => {
  const as = words.take()
  const name = words.skip(':') ? words.take() : as
  const args = words.skip('(') ? named(words, ')') : {}
  return { kind: 'field', name, as, args, selection: words.peek() === '{' ? selection(words) : null }
}

const named = (words: Tokens, end: string): Record<string, Value> => {
  const found: Record<string, Value> = {}
  while (!words.skip(end)) {
    const name = words.take()
    words.take(':')
    found[name] = value(words)
  }
  return found
}

const value = (words: Tokens): Value => {
  const word = words.take()
  if (word === '$') return { variable: words.take() }
  if (word === '{') return { object: named(words, '}') }
  if (word === '[') {
    const list: Value[] = []
    while (!words.skip(']')) list.push(value(words))
    return list
  }
  if (word.startsWith('"') || /^-?\d/.test(word)) return JSON.parse(word) as string | number
  if (word === 'true' || word === 'false') return word === 'true'
  return word === 'null' ? null : { enum: word }
}
