import type { CommitRecord, State } from './state.ts'

export const commitBySha = (state: State, sha: string): CommitRecord | undefined =>
  state.commits.find((commit) => commit.sha === sha)

/** What a name means to the commits API, in git's own order: full refs, tags, branches, then a whole or abbreviated SHA. */
export const resolve = (state: State, name: string): CommitRecord | undefined => {
  const named =
    (name === 'HEAD' ? state.branches['main'] : undefined) ??
    state.tags[stripped(name, 'tags/')]?.commit ??
    state.branches[stripped(name, 'heads/')]
  if (named) return commitBySha(state, named)
  if (!/^[0-9a-f]{4,40}$/i.test(name)) return undefined
  const found = state.commits.filter((commit) => commit.sha.startsWith(name.toLowerCase()))
  return found.length === 1 ? found[0] : undefined
}

const stripped = (name: string, prefix: string): string => {
  const short = name.startsWith('refs/') ? name.slice('refs/'.length) : name
  return short.startsWith(prefix) ? short.slice(prefix.length) : short
}

/** The commit that a dispatch or deployment names: a branch or tag, nothing else. */
export const resolveRef = (state: State, ref: string): CommitRecord | undefined => {
  const sha = state.branches[stripped(ref, 'heads/')] ?? state.tags[stripped(ref, 'tags/')]?.commit
  return sha ? commitBySha(state, sha) : undefined
}

/** A commit and all before it, newest first. */
export const log = (state: State, from: CommitRecord): CommitRecord[] => {
  // By a map of its own: a storm of merges compares a history of hundreds with itself for every push.
  const bySha = new Map(state.commits.map((commit) => [commit.sha, commit]))
  const seen = new Set<string>()
  const open = [from.sha]
  for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
    if (seen.has(sha)) continue
    seen.add(sha)
    open.push(...(bySha.get(sha)?.parents ?? []))
  }
  // Of two in the same millisecond the one that came later is the newer.
  const found = state.commits.filter((commit) => seen.has(commit.sha)).reverse()
  return found.sort((a, b) => b.at - a.at)
}

export interface Comparison {
  status: 'ahead' | 'behind' | 'identical' | 'diverged'
  mergeBase: CommitRecord
  /** On head and not on base, oldest first, as GitHub lists them. */
  ahead: CommitRecord[]
  behind: CommitRecord[]
}

export const compare = (state: State, base: CommitRecord, head: CommitRecord): Comparison | undefined => {
  const below = new Set(log(state, base))
  const above = new Set(log(state, head))
  const mergeBase = [...above].find((commit) => below.has(commit))
  if (!mergeBase) return undefined
  const ahead = [...above].filter((commit) => !below.has(commit)).reverse()
  const behind = [...below].filter((commit) => !above.has(commit)).reverse()
  return { status: direction(ahead.length, behind.length), mergeBase, ahead, behind }
}

const direction = (ahead: number, behind: number): Comparison['status'] => {
  if (ahead === 0 && behind === 0) return 'identical'
  if (behind === 0) return 'ahead'
  return ahead === 0 ? 'behind' : 'diverged'
}
