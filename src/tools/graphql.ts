import { ToolError } from '../agent/ports.ts'
import { toToolError } from './errors.ts'
import type { Repo } from './github.ts'
import { isGraphqlError } from './graphql-errors.ts'
import { askTogether } from './together.ts'

/**
 * One question about the repository; `fields` are what stands in `repository { … }`, `variables` their declarations. `spare`: the field
 * whose failure leaves a null, and the rest of the answer good.
 */
export const ask = async <T>(
  repo: Repo,
  variables: string,
  fields: string,
  values: Record<string, unknown>,
  spare?: string,
): Promise<T> => {
  const repository = await asked(askTogether(repo, { variables, fields, values }), spare)
  if (repository === null) throw new ToolError('github_unreadable', 'GitHub said nothing of the repository')
  return repository as T
}

/** Things by their global ids; those that are gone are left out. */
export const askNodes = async <T>({ graphql }: Repo, fields: string, ids: string[]): Promise<T[]> => {
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`
  const { nodes } = await asked(graphql<{ nodes: (T | null)[] }>(query, { ids }))
  return nodes.filter((node) => node !== null)
}

const asked = <T>(answer: Promise<T>, spare?: string): Promise<T> =>
  answer.catch((error: unknown) => {
    const rest = spare === undefined ? null : goodWithout(spare, error)
    if (rest !== null) return rest as T
    throw toToolError(error)
  })

/** What was answered of the repository, where nothing failed but one field of it. */
const goodWithout = (field: string, error: unknown): unknown =>
  isGraphqlError(error) && error.errors.every(({ path = [] }) => path[0] === 'repository' && path[1] === field)
    ? dataOf(error)?.repository
    : null

const dataOf = ({ data }: { data?: unknown }) => data as { repository?: unknown } | null | undefined

/** A list as GraphQL gives it, without the holes that it may have. */
export interface Nodes<T> {
  nodes: (T | null)[] | null
}
export const nodesOf = <T>(list: Nodes<T> | null | undefined): T[] =>
  (list?.nodes ?? []).filter((node) => node !== null)

/** A commit, or an annotated tag (or a tag of a tag) that stands for one. */
export type Target = { oid?: string; committedDate?: string; target?: Target } | null
const COMMIT = '... on Commit { oid committedDate }'
export const TARGET = `target { ${COMMIT} ... on Tag { target { ${COMMIT} ... on Tag { target { ${COMMIT} } } } } }`

export const commitOf = (target: Target | undefined): { oid: string; date: string } | null => {
  if (target?.oid) return { oid: target.oid, date: target.committedDate ?? '' }
  return target?.target ? commitOf(target.target) : null
}
