import { changed } from './changes.ts'
import { announce } from './deliveries.ts'
import { commitBySha } from './graph.ts'
import { person } from './people.ts'
import { addCommit, setBranch } from './refs.ts'
import type { ChangedFile, CommitRecord, Person } from './state.ts'
import type { World } from './world.ts'

export interface PullRecord {
  number: number
  title: string
  body: string | null
  author: Person
  /** `fork`: the login whose copy of the repository the branch is in. */
  head: { branch: string; sha: string; fork: string | null }
  base: { branch: string; sha: string }
  files: ChangedFile[]
  created_at: number
  updated_at: number
  closed_at: number | null
  merged: { by: Person; at: number; commit: string } | null
}

export interface NewPull {
  title: string
  body?: string | undefined
  author?: string | undefined
  /** Taken as it is where it exists, else made with one commit. */
  branch?: string | undefined
  base?: string | undefined
  files?: (string | Partial<ChangedFile>)[] | undefined
  message?: string | undefined
  fork?: string | undefined
}

/** Somebody asks for a change to be merged. Undefined: there is no such base branch. */
export const openPull = (world: World, wanted: NewPull): PullRecord | undefined => {
  const { title, body = null, fork = null } = wanted
  const base = wanted.base ?? 'main'
  const baseSha = world.state.branches[base]
  if (!baseSha) return undefined
  const number = Math.max(0, ...world.state.pulls.map((pull) => pull.number)) + 1
  const author = person(wanted.author ?? 'tomasrey')
  const files = (wanted.files ?? [`src/change-${number}.ts`]).map(changed)
  const branch = wanted.branch ?? branchOf(author, title, number)
  const sha = headOf(world, wanted, { author, files, branch, baseSha })
  const at = world.now()
  const times = { created_at: at, updated_at: at, closed_at: null }
  const head = { branch, sha, fork }
  const pull = {
    number,
    title,
    body,
    author,
    head,
    base: { branch: base, sha: baseSha },
    files,
    ...times,
    merged: null,
  }
  world.state.pulls.push(pull)
  announce(world, { event: 'pull_request', action: 'opened', pull: number, by: author.login })
  return pull
}

interface Head {
  author: Person
  files: ChangedFile[]
  branch: string
  baseSha: string
}

const headOf = (world: World, { title, message, fork }: NewPull, { author, files, branch, baseSha }: Head): string => {
  const there = fork ? undefined : world.state.branches[branch]
  if (there) return there
  const { sha } = addCommit(world, { parents: [baseSha], message: message ?? title, author, files })
  // A push to a fork is no news of this repository.
  if (!fork) setBranch(world, branch, sha, author.login)
  return sha
}

const branchOf = (author: Person, title: string, number: number): string => {
  const words = title.toLowerCase().replace(/[^a-z0-9]+/g, '-')
  return `${author.login}/${words.slice(0, 40).replace(/^-+|-+$/g, '')}-${number}`
}

export interface Merge {
  by: string
  /** `squash`: one new commit; `merge`: one with two parents. */
  method: 'squash' | 'merge'
  title?: string | undefined
  message?: string | undefined
}

/** Puts the change on its base branch. Undefined: it cannot be merged, because it is closed or its base is gone. */
export const mergePull = (world: World, pull: PullRecord, how: Merge): CommitRecord | undefined => {
  const onto = world.state.branches[pull.base.branch]
  if (!onto || pull.closed_at !== null) return undefined
  const squash = how.method === 'squash'
  const by = person(how.by)
  const commit = addCommit(world, {
    parents: squash ? [onto] : [onto, pull.head.sha],
    message: messageOf(pull, how),
    author: squash ? pull.author : by,
    files: pull.files,
  })
  setBranch(world, pull.base.branch, commit.sha, how.by)
  pull.merged = { by, at: commit.at, commit: commit.sha }
  close(world, pull, how.by, commit.at)
  return commit
}

const messageOf = (pull: PullRecord, { method, title, message }: Merge): string => {
  const from = `Merge pull request #${pull.number} from ${pull.head.fork ?? 'acme'}/${pull.head.branch}`
  const head = title ?? (method === 'squash' ? `${pull.title} (#${pull.number})` : from)
  const body = message ?? (method === 'squash' ? '' : pull.title)
  return body ? `${head}\n\n${body}` : head
}

/** Ends it unmerged. False: it was closed already. */
export const closePull = (world: World, pull: PullRecord, by: string): boolean => {
  if (pull.closed_at !== null) return false
  close(world, pull, by, world.now())
  return true
}

const close = (world: World, pull: PullRecord, by: string, at: number): void => {
  pull.closed_at = at
  pull.updated_at = at
  announce(world, { event: 'pull_request', action: 'closed', pull: pull.number, by })
}

/** Those that a commit came with: as their merge, or as one of the commits that were asked for. */
export const pullsOf = ({ state }: World, sha: string): PullRecord[] => {
  const merged = state.pulls.filter((pull) => pull.merged?.commit === sha)
  const holds = (pull: PullRecord) => pullCommits(state, pull).some((commit) => commit.sha === sha)
  return merged.length > 0 ? merged : state.pulls.filter(holds)
}

/** From the base that it was opened on to its head, oldest first. */
export const pullCommits = (state: World['state'], pull: PullRecord): CommitRecord[] => {
  const commits: CommitRecord[] = []
  let commit = commitBySha(state, pull.head.sha)
  while (commit && commit.sha !== pull.base.sha && commits.length < 250) {
    commits.unshift(commit)
    commit = commitBySha(state, commit.parents[0] ?? '')
  }
  return commits
}
