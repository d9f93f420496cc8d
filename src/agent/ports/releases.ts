import type { MergedPull } from '../../thread/event.ts'

/** What a merged pull request sets going. */
export interface Releases {
  /** Looks the pull request up; where it was merged into the branch that is released, a release takes it, once. Its id, or null. */
  merged(repository: string, number: number): Promise<string | null>
  /** Looks for merges that no webhook told of. */
  sweep(): Promise<void>
}

/** Pull requests, as GitHub's API has them. Both throw ToolError. */
export interface Pulls {
  /** Null: there is none of that number, or it is not merged. */
  merged(repository: string, number: number): Promise<MergedPull | null>
  /** Those that were merged into `branch` at or after `since`, the oldest first. */
  mergedSince(repository: string, branch: string, since: string): Promise<MergedPull[]>
}
