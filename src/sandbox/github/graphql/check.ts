import type { FieldNode, Query, Selection } from './parse.ts'
import { bare, canBe, type FieldType, SCHEMA } from './schema.ts'
import { QueryError } from './tokens.ts'

/** Refuses a query that GitHub's schema does not know, or that asks for a list without saying how much of it. */
export const check = ({ variables, selection }: Query, given: Record<string, unknown>): void => {
  for (const [name, type] of Object.entries(variables)) {
    const missing = type.endsWith('!') && (given[name] === undefined || given[name] === null)
    if (missing)
      throw new QueryError('variableRequired', `Variable $${name} of type ${type} was provided invalid value`)
  }
  checkAll('Query', selection, ['query'], variables)
}

const checkAll = (type: string, selection: Selection[], path: string[], variables: Query['variables']): void => {
  for (const one of selection) {
    if (one.kind === 'field') checkField(type, one, [...path, one.as], variables)
    else if (canBe(type, one.on)) checkAll(one.on, one.selection, [...path, `... on ${one.on}`], variables)
    else throw new QueryError('cannotSpreadFragment', `Fragment on ${one.on} can't be spread inside ${type}`, path)
  }
}

const checkField = (type: string, node: FieldNode, path: string[], variables: Query['variables']): void => {
  if (node.name === '__typename') return
  const field = SCHEMA[type]?.[node.name]
  if (!field) throw new QueryError('undefinedField', `Field '${node.name}' doesn't exist on type '${type}'`, path)
  checkArguments(node, field, path, variables)
  const inner = bare(field.type)
  const nested = SCHEMA[inner] !== undefined
  if (nested && !node.selection)
    throw new QueryError(
      'selectionMismatch',
      `Field must have selections (field '${node.name}' returns ${inner})`,
      path,
    )
  if (node.selection) checkAll(inner, node.selection, path, variables)
}

const checkArguments = (node: FieldNode, field: FieldType, path: string[], variables: Query['variables']): void => {
  for (const [name, value] of Object.entries(node.args)) {
    const wanted = field.args[name]
    const strange = `Field '${node.name}' doesn't accept argument '${name}'`
    if (!wanted) throw new QueryError('argumentNotAccepted', strange, path)
    if (typeof value === 'object' && value !== null && 'variable' in value)
      checkVariable(value.variable, wanted, variables, path)
  }
  const missing = Object.entries(field.args).find(
    ([name, wanted]) => wanted.endsWith('!') && node.args[name] === undefined,
  )
  if (missing) {
    const message = `Field '${node.name}' is missing required arguments: ${missing[0]}`
    throw new QueryError('missingRequiredArguments', message, path)
  }
}

const checkVariable = (name: string, wanted: string, variables: Query['variables'], path: string[]): void => {
  const type = variables[name]
  if (!type) throw new QueryError('variableNotDefined', `Variable $${name} is used but not declared`, path)
  if (type !== wanted && type !== `${wanted}!`) {
    throw new QueryError('variableMismatch', `Type mismatch on variable $${name} (${type} / ${wanted})`, path)
  }
}
