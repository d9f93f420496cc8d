/** What is wrong and where, in Slack's words: `must be less than 76 characters [json-pointer:/blocks/0/text/text]`. */
export type Problems = string[]
export type Fields = Record<string, unknown>

export const at = (pointer: string, says: string): Problems => [`${says} [json-pointer:${pointer}]`]

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A string that may be absent. */
export const string = (value: unknown, pointer: string, max: number): Problems => {
  if (value === undefined || value === null) return []
  if (typeof value !== 'string') return at(pointer, 'must be a string')
  return value.length > max ? at(pointer, `must be less than ${max + 1} characters`) : []
}

/** The name of a block or of an element; the app may leave it out. */
export const id = (value: Fields, field: 'block_id' | 'action_id', pointer: string): Problems =>
  value[field] === ''
    ? at(`${pointer}/${field}`, 'must be more than 0 characters')
    : string(value[field], `${pointer}/${field}`, 255)

type Kind = 'plain_text' | 'mrkdwn'

/** A text object, and how much it may hold. */
export const text = (value: unknown, pointer: string, max: number, kinds: Kind[] = ['plain_text']): Problems => {
  if (!isFields(value)) return at(pointer, 'must be a valid text object')
  if (!kinds.some((kind) => kind === value['type'])) return at(`${pointer}/type`, 'failed to match all allowed schemas')
  if (typeof value['text'] !== 'string') return at(pointer, 'missing required field: text')
  if (value['text'].length === 0) return at(`${pointer}/text`, 'must be more than 0 characters')
  return string(value['text'], `${pointer}/text`, max)
}

export const optional = (value: unknown, check: (value: unknown) => Problems): Problems =>
  value === undefined || value === null ? [] : check(value)

/** A list, and how many it may hold. */
export const list = (
  value: unknown,
  pointer: string,
  [min, max]: [min: number, max: number],
  check: (item: unknown, pointer: string) => Problems,
): Problems => {
  if (!Array.isArray(value)) return at(pointer, 'must be an array')
  if (value.length < min) return at(pointer, `no fewer than ${min} items allowed`)
  if (value.length > max) return at(pointer, `no more than ${max} items allowed`)
  return value.flatMap((item, index) => check(item, `${pointer}/${index}`))
}

/** Names that are used twice where each may be used once. */
export const unique = (items: unknown, field: string, pointer: string): Problems => {
  if (!Array.isArray(items)) return []
  const seen = new Set<unknown>()
  return items.filter(isFields).flatMap((item, index) => {
    const name = item[field]
    if (name === undefined) return []
    const again = seen.has(name)
    seen.add(name)
    return again ? at(`${pointer}/${index}/${field}`, `\`${field}\` "${String(name)}" already exists`) : []
  })
}
