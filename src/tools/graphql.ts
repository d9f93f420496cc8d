import { ToolError } from '../agent/ports.ts'
import { toToolError } from './errors.ts'
import type { Repo } from './github.ts'

/** One question about the repository; `fields` are what stands in `repository { … }`, `variables` their declarations. */
export const ask = async <T>(
  { graphql, owner, repo }: Repo,
  variables: string,
  fields: string,
  values: Record<string, unknown>,
): Promise<T> => {
  const query = `query ($owner: String!, $name: String!${variables}) { repository(owner: $owner, name: $name) { ${fields} } }`
  const { repository } = await asked(graphql<{ repository: T | null }>(query, { owner, name: repo, ...values }))
  if (repository === null) throw new ToolError('github_unreadable', 'GitHub said nothing of the repository')
  return repository
}

/** Things by their global ids; those that are gone are left out. */
export const askNodes = async <T>({ graphql }: Repo, fields: string, ids: string[]): Promise<T[]> => {
  const query = `query ($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`
  const { nodes } = await asked(graphql<{ nodes: (T | null)[] }>(query, { ids }))
  return nodes.filter((node) => node !== null)
}

const asked = <T>(answer: Promise<T>): Promise<T> =>
  answer.catch((error: unknown) => {
    throw toToolError(error)
  })

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
