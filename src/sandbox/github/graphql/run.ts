import type { FieldNode, Query, Selection, Value } from './parse.ts'
import { canBe } from './schema.ts'

/** An object of the schema: its type, and how each of its fields is found. */
export interface Thing {
  type: string
  fields: Record<string, (args: Args) => Found>
}
export type Args = Record<string, unknown>
export type Found = string | number | boolean | null | Thing | (Thing | null)[]

/** GitHub's errors that come beside data: by type, at a place in the answer. */
export class FieldError extends Error {
  readonly type: string
  constructor(type: string, message: string) {
    super(message)
    this.type = type
  }
}

interface Told {
  type: string
  path: (string | number)[]
  message: string
}

/** Answers a query that was checked. What cannot be told is null, with an error beside the data. */
export const run = (root: Thing, { selection }: Query, variables: Args): { data: unknown; errors?: Told[] } => {
  const errors: Told[] = []
  const data = answer(root, selection, { variables, errors, path: [] })
  return errors.length === 0 ? { data } : { data, errors }
}

interface Context {
  variables: Args
  errors: Told[]
  path: (string | number)[]
}

const answer = (thing: Thing, selection: Selection[], context: Context): Record<string, unknown> => {
  const told: Record<string, unknown> = {}
  for (const one of selection) {
    if (one.kind === 'field') told[one.as] = tell(thing, one, { ...context, path: [...context.path, one.as] })
    else if (canBe(one.on, thing.type)) Object.assign(told, answer(thing, one.selection, context))
  }
  return told
}

const tell = (thing: Thing, node: FieldNode, context: Context): unknown => {
  if (node.name === '__typename') return thing.type
  const args = Object.fromEntries(Object.entries(node.args).map(([name, value]) => [name, plain(value, context)]))
  try {
    const found = thing.fields[node.name]?.(args) ?? null
    return told(found, node, context)
  } catch (error) {
    if (!(error instanceof FieldError)) throw error
    context.errors.push({ type: error.type, path: context.path, message: error.message })
    return null
  }
}

const told = (found: Found, node: FieldNode, context: Context): unknown => {
  if (Array.isArray(found)) {
    return found.map((one, index) => told(one, node, { ...context, path: [...context.path, index] }))
  }
  return typeof found === 'object' && found !== null ? answer(found, node.selection ?? [], context) : found
}

const plain = (value: Value, context: Context): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((one) => plain(one, context))
  if ('variable' in value) return context.variables[value.variable] ?? null
  if ('enum' in value) return value.enum
  return Object.fromEntries(Object.entries(value.object).map(([name, one]) => [name, plain(one, context)]))
}
