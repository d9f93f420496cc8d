/** The value at a path into parsed JSON; undefined where there is none. */
export const dig = (value: unknown, ...path: (string | number)[]): unknown => {
  let here = value
  for (const key of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined
    here = Reflect.get(here, key)
  }
  return here
}

export const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

export const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** A count as providers give it; anything else is 0. */
export const count = (value: unknown): number => (Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0)
