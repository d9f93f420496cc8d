import { type ApiDeployment, type Deployment, FIELDS, toDeployment } from './deployment.ts'
import type { Repo } from './github.ts'
import { ask, askNodes, type Nodes, nodesOf } from './graphql.ts'

/** How many of an environment are looked at in one request. Past them the few that matter are asked for by name. */
export const PAGE = 50

/** Which deployments are a service's: the example workflows record each under this task. */
export const taskOf = (service: string): string => `deploy:${service}`

/** The newest of an environment, as a part of a query; `variable` holds its name. */
export const newestIn = (variable: string): string =>
  `deployments(environments: [$${variable}], first: ${PAGE}, orderBy: {field: CREATED_AT, direction: DESC}) { nodes { ${FIELDS} } }`

export type Listed = Nodes<ApiDeployment>

/** Newest first, as ids go: of two in the same second too. */
export const deploymentsOf = (listed: Listed | undefined): Deployment[] =>
  nodesOf(listed)
    .map(toDeployment)
    .sort((a, b) => b.id - a.id)

/** The newest deployments of these environments, in one request. */
export const deploymentsIn = async (repo: Repo, environments: string[]): Promise<Map<string, Deployment[]>> => {
  const variables = environments.map((_, index) => `, $e${index}: String!`).join('')
  const fields = environments.map((_, index) => `e${index}: ${newestIn(`e${index}`)}`).join(' ')
  const values = Object.fromEntries(environments.map((name, index) => [`e${index}`, name]))
  const found = await ask<Record<string, Listed>>(repo, variables, fields, values)
  return new Map(environments.map((name, index) => [name, deploymentsOf(found[`e${index}`])]))
}

interface Fit {
  task: string
  environment: string
  sha?: string
}

/** Those of one service alone, which GraphQL cannot pick: their names by REST, then what became of them. */
export const deploymentsFor = async (repo: Repo, fit: Fit): Promise<Deployment[]> => {
  const { octokit, owner, repo: name } = repo
  const { data } = await octokit.rest.repos.listDeployments({ owner, repo: name, per_page: PAGE, ...fit })
  if (data.length === 0) return []
  const ids = data.map(({ node_id }) => node_id)
  return deploymentsOf({ nodes: await askNodes<ApiDeployment>(repo, `... on Deployment { ${FIELDS} }`, ids) })
}
