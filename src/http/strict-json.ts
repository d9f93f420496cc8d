import { Problem } from './errors.ts'

const DEEPEST = 20
const FORBIDDEN = ['__proto__', 'constructor', 'prototype']

/**
 * JSON as it was meant, or a Problem: no key twice (the last would win in silence), no deep nesting,
 * no prototype keys, and no text that Postgres cannot hold (NUL, lone surrogates).
 */
export const parseStrictly = (bytes: Buffer): unknown => {
  const text = decode(bytes)
  scan(text)
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem(400, 'bad_json', 'the body is not valid JSON')
  }
}

const decode = (bytes: Buffer): string => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes)
  } catch {
    throw new Problem(400, 'bad_text', 'the body is not valid UTF-8')
  }
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/gs

/** One pass over strings and brackets; whether it is JSON at all is for JSON.parse to say. Nothing here recurses. */
const scan = (text: string): void => {
  const open: (Set<string> | null)[] = []
  let last = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : null)
      if (open.length > DEEPEST) throw new Problem(400, 'too_deep', `JSON may be nested ${DEEPEST} deep`)
    } else if (token === '}' || token === ']') open.pop()
    else if (token === ':') addKey(last, open.at(-1) ?? null)
    else if (token.startsWith('"')) refuseBadText(unquote(token))
    last = token
  }
}

const addKey = (token: string, keys: Set<string> | null): void => {
  if (keys === null || !token.startsWith('"')) return
  const key = unquote(token)
  if (keys.has(key))
    throw new Problem(400, 'duplicate_key', `the key ${JSON.stringify(key)} stands twice in one object`)
  if (FORBIDDEN.includes(key)) throw new Problem(400, 'forbidden_key', `the key ${key} is not allowed`)
  keys.add(key)
}

const unquote = (token: string): string => {
  try {
    return JSON.parse(token)
  } catch {
    throw new Problem(400, 'bad_json', 'the body is not valid JSON')
  }
}

/** NUL and lone surrogates fit no jsonb (22P05, 22P02): refused before anything is done with them. */
export const refuseBadText = (text: string): void => {
  if (text.includes('\0') || !text.isWellFormed()) {
    throw new Problem(400, 'bad_text', 'text may hold neither NUL nor half a surrogate pair')
  }
}
