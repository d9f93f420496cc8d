import { blobOf, textAt } from '../files.ts'
import { commitBySha, compare, log, resolve } from '../graph.ts'
import { pullsOf } from '../pulls.ts'
import { iso } from '../shapes.ts'
import type { CommitRecord, DeploymentRecord, StatusRecord, TagRecord } from '../state.ts'
import type { World } from '../world.ts'
import { connection } from './connection.ts'
import { type Args, FieldError, type Found, type Thing } from './run.ts'

/** Where every query begins. */
export const root = (world: World): Thing => ({
  type: 'Query',
  fields: {
    repository: ({ owner, name }) => {
      const wanted = `${owner}/${name}`.toLowerCase()
      const found = world.worlds.find(({ repo }) => repo.fullName === wanted)
      if (found) return repository(found)
      throw new FieldError('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
    },
    nodes: ({ ids }) => (ids as string[]).map((id) => nodeOf(world.worlds, id)),
  },
})

const nodeOf = (worlds: readonly World[], id: string): Thing | null => {
  const all = worlds.flatMap((world) => world.state.deployments.map((record) => ({ world, record })))
  const found = all.find(({ record }) => `DE_${record.id}` === id)
  return found ? deployment(found.world, found.record) : null
}

const repository = (world: World): Thing => ({
  type: 'Repository',
  fields: {
    ref: ({ qualifiedName }) => refOf(world, String(qualifiedName)),
    refs: connection('refs', 'RefConnection', (args) => tags(world, args)),
    object: ({ expression }) => objectOf(world, String(expression)),
    deployments: connection('deployments', 'DeploymentConnection', (args) => deployments(world, args)),
  },
})

const refOf = (world: World, name: string): Thing | null => {
  const tag = name.startsWith('refs/tags/') ? name.slice('refs/tags/'.length) : ''
  if (world.state.tags[tag]) return tagRef(world, tag, world.state.tags[tag])
  const branch = name.replace(/^refs\/heads\//, '')
  return world.state.branches[branch] ? branchRef(world, branch) : null
}

const tagRef = (world: World, name: string, record: TagRecord): Thing => ({
  type: 'Ref',
  fields: {
    name: () => name,
    prefix: () => 'refs/tags/',
    compare: ({ headRef }) => comparison(world, record.commit, String(headRef)),
    target: () => (record.object ? tagObject(world, name, record, record.object) : commit(world, record.commit)),
  },
})

const branchRef = (world: World, name: string): Thing => ({
  type: 'Ref',
  fields: {
    name: () => name,
    prefix: () => 'refs/heads/',
    compare: ({ headRef }) => comparison(world, world.state.branches[name] ?? '', String(headRef)),
    target: () => commit(world, world.state.branches[name] ?? ''),
  },
})

/** From the ref, which is the base, to a branch, a tag or a commit. */
const comparison = ({ state }: World, base: string, headRef: string): Thing => {
  const [from, to] = [commitBySha(state, base), resolve(state, headRef)]
  const found = from && to && compare(state, from, to)
  if (!found) throw new FieldError('NOT_FOUND', `Could not resolve to a Ref with the name '${headRef}'.`)
  return {
    type: 'Comparison',
    fields: {
      id: () => `CMP_${base}_${to.sha}`,
      status: () => found.status.toUpperCase(),
      aheadBy: () => found.ahead.length,
      behindBy: () => found.behind.length,
    },
  }
}

const tagObject = (world: World, name: string, record: TagRecord, oid: string): Thing => ({
  type: 'Tag',
  fields: { id: () => `TAG_${oid}`, oid: () => oid, name: () => name, target: () => commit(world, record.commit) },
})

/** By the date of the commits that they stand for, which REST cannot. */
const tags = (world: World, { refPrefix, orderBy }: Args): Thing[] => {
  if (refPrefix !== 'refs/tags/') return []
  const { field, direction } = (orderBy ?? {}) as { field?: string; direction?: string }
  const all = Object.entries(world.state.tags)
  const at = ([, { commit: sha }]: (typeof all)[number]) => commitBySha(world.state, sha)?.at ?? 0
  const sorted = field === 'TAG_COMMIT_DATE' ? all.sort((a, b) => at(a) - at(b)) : all.sort()
  if (direction === 'DESC') sorted.reverse()
  return sorted.map(([name, record]) => tagRef(world, name, record))
}

/** `main:path` is a file, anything else a commit, as in `git rev-parse`. Of files there are only the workflows. */
const objectOf = (world: World, expression: string): Thing | null => {
  const [, name = '', path] = /^([^:]*)(?::(.*))?$/.exec(expression) ?? []
  const found = resolve(world.state, name)
  if (!found || path === undefined) return found ? commit(world, found.sha) : null
  const text = textAt(world, path)
  if (text === undefined) return null
  const oid = blobOf(text)
  return { type: 'Blob', fields: { id: () => `B_${oid}`, oid: () => oid } }
}

const commit = (world: World, sha: string): Thing | null => {
  const record = commitBySha(world.state, sha)
  if (!record) return null
  const history = () => log(world.state, record).map((one) => commit(world, one.sha))
  return {
    type: 'Commit',
    fields: {
      id: () => `C_${sha}`,
      oid: () => sha,
      committedDate: () => iso(record.at),
      history: connection('history', 'CommitHistoryConnection', history),
      associatedPullRequests: connection('associatedPullRequests', 'PullRequestConnection', () => pulls(world, record)),
    },
  }
}

const pulls = (world: World, record: CommitRecord): Thing[] =>
  pullsOf(world, record.sha).map(({ number, title, author, merged }) => ({
    type: 'PullRequest',
    fields: {
      id: () => `PR_${number}`,
      number: () => number,
      title: () => title,
      merged: () => merged !== null,
      url: () => `${world.url}/${world.repo.fullName}/pull/${number}`,
      author: () => actor(author.login),
    },
  }))

const actor = (login: string): Thing => ({ type: 'User', fields: { login: () => login } })

const deployments = (world: World, { environments, orderBy }: Args): Thing[] => {
  const wanted = environments as string[] | null | undefined
  const found = world.state.deployments.filter((one) => !wanted || wanted.includes(one.environment))
  const newestFirst = (orderBy as { direction?: string } | undefined)?.direction === 'DESC'
  return (newestFirst ? found.reverse() : found).map((record) => deployment(world, record))
}

const deployment = (world: World, record: DeploymentRecord): Thing => {
  const { statuses } = record
  const latest = statuses.at(-1)
  const all = () => statuses.map((one) => status(world, one))
  const named = record.ref === record.sha ? null : refOf(world, `refs/tags/${record.ref}`)
  return {
    type: 'Deployment',
    fields: {
      id: () => `DE_${record.id}`,
      databaseId: () => record.id,
      commitOid: () => record.sha,
      createdAt: () => iso(record.at),
      creator: () => actor('deploybot'),
      environment: () => record.environment,
      task: () => record.task,
      payload: () => JSON.stringify(record.payload),
      ref: () => named ?? refOf(world, `refs/heads/${record.ref}`),
      state: (): Found => (latest ? latest.state.toUpperCase() : 'PENDING'),
      latestStatus: () => (latest ? status(world, latest) : null),
      statuses: connection('statuses', 'DeploymentStatusConnection', all),
    },
  }
}

const status = (world: World, record: StatusRecord): Thing => ({
  type: 'DeploymentStatus',
  fields: {
    id: () => `DES_${record.id}`,
    state: () => record.state.toUpperCase(),
    createdAt: () => iso(record.at),
    logUrl: () => (record.log_url ? new URL(record.log_url, world.url).href : null),
    environmentUrl: () => record.environment_url || null,
  },
})
