import type { Json } from './event.ts'

/**
 * Block YAML of plain data. Every string is double-quoted on one line and its `<` written as an escape,
 * so that no content can close or forge the tag that stands around it.
 */
export const toYaml = (value: Json, indent = ''): string => {
  if (Array.isArray(value)) return list(value, indent)
  if (isRecord(value)) return record(value, indent)
  return scalar(value)
}

const list = (items: Json[], indent: string): string =>
  items.length === 0 ? '[]' : items.map((item) => `${indent}- ${inItem(item, `${indent}  `)}`).join('\n')

/** An item's first line stands behind its dash. */
const inItem = (item: Json, indent: string): string =>
  isNested(item) ? toYaml(item, indent).slice(indent.length) : toYaml(item)

const record = (value: { [key: string]: Json }, indent: string): string => {
  const entries = Object.entries(value)
  if (entries.length === 0) return '{}'
  return entries.map(([key, item]) => `${indent}${name(key)}:${behind(item, indent)}`).join('\n')
}

const behind = (item: Json, indent: string): string =>
  isNested(item) ? `\n${toYaml(item, `${indent}  `)}` : ` ${toYaml(item)}`

const isRecord = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null

const isNested = (value: Json): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0

const name = (key: string): string => (/^[a-z_][a-z0-9_]*$/i.test(key) ? key : scalar(key))

const scalar = (value: Json): string => JSON.stringify(value).replace(UNSAFE, escaped)

// A tag, and what ends a line in YAML.
const UNSAFE = /[<\u0085\u2028\u2029]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
