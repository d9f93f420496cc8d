import { typeName } from './parse.ts'
import { type Tokens, tokens } from './tokens.ts'

/**
 * The part of GitHub's public GraphQL schema that deploybot asks of, field for field as GitHub publishes it (compared with
 * @octokit/graphql-schema 15.26.1). What is not in here is refused, as GitHub refuses what its schema does not have.
 */
const SDL = `
type Query {
  nodes(ids: [ID!]!): [Node]!
  repository(followRenames: Boolean, name: String!, owner: String!): Repository
}
type Repository {
  deployments(after: String, before: String, environments: [String!], first: Int, last: Int, orderBy: DeploymentOrder): DeploymentConnection!
  object(expression: String, oid: GitObjectID): GitObject
  ref(qualifiedName: String!): Ref
  refs(after: String, before: String, direction: OrderDirection, first: Int, last: Int, orderBy: RefOrder, query: String, refPrefix: String!): RefConnection
}
type Ref {
  compare(headRef: String!): Comparison
  name: String!
  prefix: String!
  target: GitObject
}
type Comparison {
  aheadBy: Int!
  behindBy: Int!
  id: ID!
  status: ComparisonStatus!
}
type RefConnection {
  nodes: [Ref]
  pageInfo: PageInfo!
  totalCount: Int!
}
type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
}
interface Node {
  id: ID!
}
interface GitObject {
  id: ID!
  oid: GitObjectID!
}
type Blob {
  id: ID!
  oid: GitObjectID!
}
type Tag {
  id: ID!
  name: String!
  oid: GitObjectID!
  target: GitObject!
}
type Commit {
  associatedPullRequests(after: String, before: String, first: Int, last: Int, orderBy: PullRequestOrder): PullRequestConnection
  committedDate: DateTime!
  history(after: String, author: CommitAuthor, before: String, first: Int, last: Int, path: String, since: GitTimestamp, until: GitTimestamp): CommitHistoryConnection!
  id: ID!
  oid: GitObjectID!
}
type CommitHistoryConnection {
  nodes: [Commit]
  pageInfo: PageInfo!
  totalCount: Int!
}
type PullRequestConnection {
  nodes: [PullRequest]
  pageInfo: PageInfo!
  totalCount: Int!
}
type PullRequest {
  author: Actor
  id: ID!
  merged: Boolean!
  number: Int!
  title: String!
  url: URI!
}
interface Actor {
  login: String!
}
type DeploymentConnection {
  nodes: [Deployment]
  pageInfo: PageInfo!
  totalCount: Int!
}
type Deployment {
  commitOid: String!
  createdAt: DateTime!
  creator: Actor!
  databaseId: Int
  environment: String
  id: ID!
  latestStatus: DeploymentStatus
  payload: String
  ref: Ref
  state: DeploymentState
  statuses(after: String, before: String, first: Int, last: Int): DeploymentStatusConnection
  task: String
}
type DeploymentStatusConnection {
  nodes: [DeploymentStatus]
  pageInfo: PageInfo!
  totalCount: Int!
}
type DeploymentStatus {
  createdAt: DateTime!
  environmentUrl: URI
  id: ID!
  logUrl: URI
  state: DeploymentStatusState!
}
`

export interface FieldType {
  type: string
  args: Record<string, string>
}
export type Fields = Record<string, FieldType>

const read = (words: Tokens): Record<string, Fields> => {
  const types: Record<string, Fields> = {}
  while (words.peek() !== undefined) {
    words.take()
    const name = words.take()
    types[name] = fields(words)
  }
  return types
}

const fields = (words: Tokens): Fields => {
  const found: Fields = {}
  words.take('{')
  while (!words.skip('}')) {
    const name = words.take()
    const args: Record<string, string> = {}
    if (words.skip('(')) while (!words.skip(')')) args[argName(words)] = typeName(words)
    words.take(':')
    found[name] = { type: typeName(words), args }
  }
  return found
}

const argName = (words: Tokens): string => {
  const name = words.take()
  words.take(':')
  return name
}

export const SCHEMA = read(tokens(SDL))

/** Which types can stand where an interface is named. */
const IMPLEMENTED: Record<string, string[]> = {
  GitObject: ['Blob', 'Commit', 'Tag'],
  Node: ['Commit', 'Deployment', 'Tag'],
}
export const canBe = (type: string, on: string): boolean => type === on || (IMPLEMENTED[type]?.includes(on) ?? false)

/** `[Deployment!]!` → `Deployment` */
export const bare = (type: string): string => type.replace(/[[\]!]/g, '')
