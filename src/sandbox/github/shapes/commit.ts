import { createHash } from 'node:crypto'
import type { components } from '@octokit/openapi-types'
import { together } from '../changes.ts'
import type { Comparison } from '../graph.ts'
import type { CommitRecord, TagRecord } from '../state.ts'
import type { World } from '../world.ts'
import { diffEntry } from './file.ts'
import { apiUrl, htmlUrl } from './repository.ts'
import { user } from './user.ts'

const treeOf = (commit: CommitRecord): string => createHash('sha1').update(`tree ${commit.sha}`).digest('hex')
const emailOf = (commit: CommitRecord): string => `${commit.author.login}@acme.test`
export const iso = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z')

export const commit = (world: World, record: CommitRecord) => {
  const url = apiUrl(world)
  const signed = { name: record.author.name, email: emailOf(record), date: iso(record.at) }
  return {
    sha: record.sha,
    node_id: `C_${record.sha}`,
    url: `${url}/commits/${record.sha}`,
    html_url: `${htmlUrl(world)}/commit/${record.sha}`,
    comments_url: `${url}/commits/${record.sha}/comments`,
    commit: {
      url: `${url}/git/commits/${record.sha}`,
      author: signed,
      committer: signed,
      message: record.message,
      comment_count: 0,
      tree: { sha: treeOf(record), url: `${url}/git/trees/${treeOf(record)}` },
    },
    author: user(world, record.author.login),
    committer: user(world, record.author.login),
    parents: record.parents.map((sha) => ({
      sha,
      url: `${url}/commits/${sha}`,
      html_url: `${htmlUrl(world)}/commit/${sha}`,
    })),
  } satisfies components['schemas']['commit']
}

/** One commit asked for by itself comes with what it changed. */
export const wholeCommit = (world: World, record: CommitRecord) => {
  const files = (record.files ?? []).map((file) => diffEntry(world, record.sha, file))
  const additions = files.reduce((sum, file) => sum + file.additions, 0)
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0)
  const stats = { additions, deletions, total: additions + deletions }
  return { ...commit(world, record), stats, files } satisfies components['schemas']['commit']
}

/** The bare git object: no account, no diff. */
export const gitCommit = (world: World, record: CommitRecord) => {
  const { html_url, node_id, parents, commit: core } = commit(world, record)
  return {
    sha: record.sha,
    node_id,
    url: core.url,
    html_url,
    author: core.author,
    committer: core.committer,
    message: core.message,
    tree: core.tree,
    parents,
    verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null },
  } satisfies components['schemas']['git-commit']
}

/** The short form that comes with a run. */
export const simpleCommit = (record: CommitRecord) => {
  const who = { name: record.author.name, email: emailOf(record) }
  return {
    id: record.sha,
    tree_id: treeOf(record),
    message: record.message,
    timestamp: iso(record.at),
    author: who,
    committer: who,
  } satisfies components['schemas']['nullable-simple-commit']
}

export const tag = (world: World, name: string, { commit: sha }: TagRecord) =>
  ({
    name,
    commit: { sha, url: `${apiUrl(world)}/commits/${sha}` },
    zipball_url: `${apiUrl(world)}/zipball/refs/tags/${name}`,
    tarball_url: `${apiUrl(world)}/tarball/refs/tags/${name}`,
    node_id: `REF_${name}`,
  }) satisfies components['schemas']['tag']

/** A ref shows what it points to: for an annotated tag that is the tag object, not the commit. */
export const gitRef = (world: World, ref: string, sha: string, type: 'commit' | 'tag') =>
  ({
    ref,
    node_id: `REF_${ref}`,
    url: `${apiUrl(world)}/git/${ref}`,
    object: { type, sha, url: `${apiUrl(world)}/git/${type}s/${sha}` },
  }) satisfies components['schemas']['git-ref']

export const gitTag = (world: World, name: string, record: TagRecord, object: string) =>
  ({
    node_id: `TAG_${object}`,
    tag: name,
    sha: object,
    url: `${apiUrl(world)}/git/tags/${object}`,
    message: `Release ${name}\n`,
    tagger: { name: 'Maya Lindqvist', email: 'maya-lindqvist@acme.test', date: iso(record.at) },
    object: { type: 'commit', sha: record.commit, url: `${apiUrl(world)}/git/commits/${record.commit}` },
  }) satisfies components['schemas']['git-tag']

export const comparison = (world: World, base: CommitRecord, head: CommitRecord, names: string, found: Comparison) => {
  const html = `${htmlUrl(world)}/compare/${names}`
  return {
    url: `${apiUrl(world)}/compare/${names}`,
    html_url: html,
    permalink_url: `${htmlUrl(world)}/compare/${base.sha}...${head.sha}`,
    diff_url: `${html}.diff`,
    patch_url: `${html}.patch`,
    base_commit: commit(world, base),
    merge_base_commit: commit(world, found.mergeBase),
    status: found.status,
    ahead_by: found.ahead.length,
    behind_by: found.behind.length,
    total_commits: found.ahead.length,
    commits: found.ahead.map((one) => commit(world, one)),
    files: together(found.ahead.map(({ files }) => files)).map((file) => diffEntry(world, head.sha, file)),
  } satisfies components['schemas']['commit-comparison']
}
