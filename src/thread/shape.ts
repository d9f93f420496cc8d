/** What must be there in a record, by name and kind; `?`: or null. What is optional, and what lies deeper, is not looked at. */
export type Shape = Readonly<Record<string, Kind>>
type Kind = 'string' | 'number' | 'boolean' | 'array' | 'object' | 'string?' | 'number?' | 'object?'

/** The first thing that `value` lacks of `shape`; null: it has all of it. */
export const lacks = (value: unknown, shape: Shape): string | null => {
  if (kindOf(value) !== 'object') return 'an object'
  const data = value as Record<string, unknown>
  for (const name in shape) if (!isA(data[name], shape[name])) return `${name}: ${shape[name]}`
  return null
}

const isA = (value: unknown, kind: Kind | undefined): boolean => {
  const found = kindOf(value)
  return found === kind || `${found}?` === kind || (found === 'null' && kind?.endsWith('?') === true)
}

const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

type RequiredOf<D> = { [K in keyof D]-?: object extends Pick<D, K> ? never : K }[keyof D]
/** The shape of `D`, as the compiler derives it from the type. */
export type ShapeOf<D> = { [K in RequiredOf<D>]: null extends D[K] ? `${Named<NonNullable<D[K]>>}?` : Named<D[K]> }
type Named<V> = V extends string
  ? 'string'
  : V extends number
    ? 'number'
    : V extends boolean
      ? 'boolean'
      : V extends readonly unknown[]
        ? 'array'
        : 'object'
