import { createHash } from 'node:crypto'
import { announce } from './deliveries.ts'
import { commitBySha, compare } from './graph.ts'
import type { CommitRecord, TagRecord } from './state.ts'
import type { World } from './world.ts'

/** What stands for "nothing" at one end of a push. */
export const nowhere = '0'.repeat(40)

/** A new commit. It is on no branch until a branch is moved to it. */
export const addCommit = (world: World, made: Omit<CommitRecord, 'sha' | 'at'>): CommitRecord => {
  const { parents, message } = made
  const sha = createHash('sha1')
    .update(`${parents.join(' ')} ${message} ${world.state.next_id++}`)
    .digest('hex')
  const commit = { ...made, sha, at: world.now() }
  world.state.commits.push(commit)
  return commit
}

/** Points a branch at a commit, new or not, forwards or by force. */
export const setBranch = (world: World, name: string, sha: string, by: string): void => {
  const before = world.state.branches[name]
  if (before === sha) return
  world.state.branches[name] = sha
  tell(world, { type: 'branch', name, before, after: sha, by })
}

/** Makes a lightweight tag, or moves one. */
export const setTag = (world: World, name: string, commit: string, by: string): void => {
  const before = world.state.tags[name]
  if (before?.commit === commit) return
  world.state.tags[name] = { commit, object: null, at: world.now() }
  tell(world, { type: 'tag', name, before: before && pointer(before), after: commit, by })
}

/** False: there was none. */
export const deleteRef = (world: World, type: 'branch' | 'tag', name: string, by: string): boolean => {
  const { branches, tags } = world.state
  const tag = tags[name]
  const before = type === 'branch' ? branches[name] : tag && pointer(tag)
  if (!before) return false
  if (type === 'branch') delete branches[name]
  else delete tags[name]
  tell(world, { type, name, before, after: undefined, by })
  return true
}

/** An annotated tag is pushed as the object that it is. */
const pointer = ({ object, commit }: TagRecord): string => object ?? commit

interface Move {
  type: 'branch' | 'tag'
  name: string
  before: string | undefined
  after: string | undefined
  by: string
}

const tell = (world: World, { type, name, before, after, by }: Move): void => {
  const made = { ref: name, ref_type: type, by }
  if (!before) announce(world, { event: 'create', ...made })
  if (!after) announce(world, { event: 'delete', ...made })
  const forced = before !== undefined && after !== undefined && !isForward(world, before, after)
  const ref = type === 'branch' ? `refs/heads/${name}` : `refs/tags/${name}`
  announce(world, { event: 'push', ref, before: before ?? nowhere, after: after ?? nowhere, forced, by })
}

/** Whether everything that was there is still below what is there now. */
export const isForward = ({ state }: World, before: string, after: string): boolean => {
  const from = commitBySha(state, before)
  const to = commitBySha(state, after)
  const found = from && to && compare(state, from, to)
  return found?.status === 'ahead' || found?.status === 'identical'
}
