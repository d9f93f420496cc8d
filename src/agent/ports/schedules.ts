/** What waits on a branch to be deployed. */
export interface Waiting {
  live: { tag: string | null; sha: string }
  /** The branch's newest commit. */
  head: string
  commits: number
  url: string
}

export interface Branches {
  /** Commits of `ref` that are not live there; null: none, or nothing is live yet. Throws ToolError. */
  waiting(repository: string, place: { service: string; environment: string; ref: string }): Promise<Waiting | null>
}
