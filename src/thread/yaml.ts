import type { Json } from './event.ts'

/** `plain`: a single word stands without quotes. That is a seventh of a prompt's tokens; a sentence keeps its quotes, and so is told apart. */
type Style = 'quoted' | 'plain'

/**
 * Block YAML of plain data. Every string is double-quoted on one line and its `<` written as an escape,
 * so that no content can close or forge the tag that stands around it.
 */
export const toYaml = (value: Json, indent = '', style: Style = 'quoted'): string => {
  if (Array.isArray(value)) return list(value, indent, style)
  if (isRecord(value)) return record(value, indent, style)
  return style === 'plain' && isWord(value) ? value : scalar(value)
}

const list = (items: Json[], indent: string, style: Style): string =>
  items.length === 0 ? '[]' : items.map((item) => `${indent}- ${inItem(item, `${indent}  `, style)}`).join('\n')

/** An item's first line stands behind its dash. */
const inItem = (item: Json, indent: string, style: Style): string =>
  isNested(item) ? toYaml(item, indent, style).slice(indent.length) : toYaml(item, '', style)

const record = (value: { [key: string]: Json }, indent: string, style: Style): string => {
  const keys = Object.keys(value)
  if (keys.length === 0) return '{}'
  return keys.map((key) => `${indent}${name(key)}:${behind(value[key] as Json, indent, style)}`).join('\n')
}

const behind = (item: Json, indent: string, style: Style): string =>
  isNested(item) ? `\n${toYaml(item, `${indent}  `, style)}` : ` ${toYaml(item, '', style)}`

/** A word that YAML reads as this very text: no number, no `true`, nothing that begins or ends anything. */
const isWord = (value: Json): value is string =>
  typeof value === 'string' && WORD.test(value) && !MEANS_MORE.test(value)
const WORD = /^[A-Za-z0-9](?:[\w./@+-]|:(?=\/))*$/
const MEANS_MORE = /^(?:true|false|null|yes|no|on|off|y|n|\.?(?:nan|inf)|[\d_.]+(?:e[+-]?\d+)?|0[box][\da-f_]+)$/i

const isRecord = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null

const isNested = (value: Json): boolean => typeof value === 'object' && value !== null && Object.keys(value).length > 0

const name = (key: string): string => (/^[a-z_][a-z0-9_]*$/i.test(key) ? key : scalar(key))

const scalar = (value: Json): string => JSON.stringify(value).replace(UNSAFE, escaped)

// A tag, what looks like one, and what ends a line in YAML.
const UNSAFE = /[<\uff1c\ufe64\u0085\u2028\u2029]/g

const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
