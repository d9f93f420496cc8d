import { expect, test } from 'vitest'
import { completed, dispatch, head, open, place } from './support.ts'

type Octokit = Awaited<ReturnType<typeof open>>['octokit']
const asking = (octokit: Octokit, fields: string, variables = '', values: object = {}) =>
  octokit.graphql<{ repository: Record<string, unknown> }>(
    `query ($owner: String!, $name: String!${variables}) { repository(owner: $owner, name: $name) { ${fields} } }`,
    { owner: 'acme', name: 'shop', ...values },
  )

test('lists tags by the date of their commits, through annotated ones, in pages', async () => {
  const { octokit } = await open()
  const refs = `refs(refPrefix: "refs/tags/", first: 2, after: $after, orderBy: {field: TAG_COMMIT_DATE, direction: DESC}) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { name prefix target { __typename ... on Commit { oid } ... on Tag { target { ... on Commit { oid } } } } } }`
  const first = await asking(octokit, refs, ', $after: String', { after: null })
  expect(first.repository['refs']).toEqual({
    totalCount: 9,
    pageInfo: { hasNextPage: true, endCursor: '2' },
    nodes: [
      {
        name: 'v1.2.4',
        prefix: 'refs/tags/',
        target: { __typename: 'Commit', oid: '3ff4aef2f493047cfc539eaa9778903837654779' },
      },
      {
        name: 'v1.2.3',
        prefix: 'refs/tags/',
        target: { __typename: 'Tag', target: { oid: '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582' } },
      },
    ],
  })
  const second = await asking(octokit, refs, ', $after: String', { after: '2' })
  expect(second.repository['refs']).toMatchObject({ nodes: [{ name: 'v1.2.2' }, { name: 'v1.2.1' }] })
})

test('tells of deployments what REST tells', async () => {
  const { octokit } = await open()
  await completed(octokit, (await dispatch(octokit)).workflow_run_id)
  const fields = `deployments(environments: ["production"], first: 1, orderBy: {field: CREATED_AT, direction: DESC}) { nodes {
    id databaseId commitOid environment task payload createdAt ref { name }
    latestStatus { state createdAt logUrl } statuses(first: 10) { nodes { state } } } }`
  const { repository } = await asking(octokit, fields)
  const { data } = await octokit.rest.repos.listDeployments({ ...place, environment: 'production', per_page: 1 })
  const { data: statuses } = await octokit.rest.repos.listDeploymentStatuses({
    ...place,
    deployment_id: Number(data[0]?.id),
  })
  expect(repository['deployments']).toEqual({
    nodes: [
      {
        id: data[0]?.node_id,
        databaseId: data[0]?.id,
        commitOid: data[0]?.sha,
        environment: 'production',
        task: 'deploy:backend',
        payload: JSON.stringify(data[0]?.payload),
        createdAt: data[0]?.created_at,
        ref: null,
        latestStatus: { state: 'SUCCESS', createdAt: statuses[0]?.created_at, logUrl: statuses[0]?.log_url },
        statuses: { nodes: [{ state: 'IN_PROGRESS' }, { state: 'SUCCESS' }] },
      },
    ],
  })
  const { nodes } = await octokit.graphql<{ nodes: unknown }>(
    'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Deployment { commitOid } } }',
    { ids: [data[0]?.node_id, 'DE_0'] },
  )
  expect(nodes).toEqual([{ commitOid: data[0]?.sha }, null])
})

test('finds commits, files and history by expression', async () => {
  const { octokit } = await open()
  const { repository } = await asking(
    octokit,
    `short: object(expression: "4af9ec0") { ... on Commit { oid history(first: 2) { nodes { oid committedDate } } } }
     file: object(expression: "main:.github/workflows/e2e.yml") { __typename oid }
     none: object(expression: "main:.github/workflows/nope.yml") { oid }
     tag: ref(qualifiedName: "refs/tags/nope") { name }
     branch: ref(qualifiedName: "refs/heads/main") { name target { oid } }`,
  )
  expect(repository).toMatchObject({
    short: { oid: head, history: { nodes: [{ oid: head, committedDate: '2026-02-27T15:12:00Z' }, {}] } },
    file: { __typename: 'Blob' },
    none: null,
    tag: null,
    branch: { name: 'main', target: { oid: head } },
  })
})

test.each([
  ['a field that is none', 'foo', 'undefinedField', "Field 'foo' doesn't exist on type 'Repository'"],
  ['an argument that is none', 'ref(name: "x") { name }', 'argumentNotAccepted', "doesn't accept argument 'name'"],
  ['a missing argument', 'ref { name }', 'missingRequiredArguments', 'qualifiedName'],
  ['a variable that was not declared', 'ref(qualifiedName: $x) { name }', 'variableNotDefined', '$x'],
  ['no selection', 'ref(qualifiedName: "x")', 'selectionMismatch', 'must have selections'],
  ['a fragment that cannot be', 'ref(qualifiedName: "x") { ... on Commit { oid } }', 'cannotSpreadFragment', 'Commit'],
  ['what is no GraphQL', 'ref(', 'parseError', 'Expected ":"'],
])('refuses %s by 200, with errors', async (_, fields, code, message) => {
  const { octokit } = await open()
  await expect(asking(octokit, fields)).rejects.toMatchObject({
    errors: [{ extensions: { code }, message: expect.stringContaining(message) }],
  })
})

test.each([
  ['without a limit', 'refs(refPrefix: "refs/tags/") { totalCount }', 'MISSING_PAGINATION_BOUNDARIES'],
  ['of more than a hundred', 'refs(refPrefix: "refs/tags/", first: 101) { totalCount }', 'EXCESSIVE_PAGINATION'],
])('refuses a list %s', async (_, fields, type) => {
  const { octokit } = await open()
  await expect(asking(octokit, fields)).rejects.toMatchObject({ errors: [{ type, path: ['repository', 'refs'] }] })
})

test('says how a branch stands to a commit, and does not know one that is none', async () => {
  const { octokit } = await open()
  const fields = (name: string) =>
    `ref(qualifiedName: "refs/heads/main") { compare(headRef: "${name}") { status behindBy } }`
  const { repository } = await asking(octokit, fields('v1.2.3'))
  expect(repository['ref']).toEqual({ compare: { status: 'BEHIND', behindBy: 7 } })
  await expect(asking(octokit, fields('f'.repeat(40)))).rejects.toMatchObject({
    errors: [{ type: 'NOT_FOUND', path: ['repository', 'ref', 'compare'] }],
    data: { repository: { ref: { compare: null } } },
  })
})

test('does not know another repository', async () => {
  const { octokit } = await open()
  const query = 'query { repository(owner: "acme", name: "nope") { ref(qualifiedName: "x") { name } } }'
  await expect(octokit.graphql(query)).rejects.toMatchObject({
    errors: [{ type: 'NOT_FOUND', path: ['repository'] }],
    data: { repository: null },
  })
})

test('asks who is there, as every route does', async () => {
  const { sandbox } = await open()
  const answer = await fetch(`${sandbox.url}/graphql`, { method: 'POST' })
  expect(answer.status).toBe(401)
})
