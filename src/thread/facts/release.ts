import type { DeployResult } from './run.ts'

/** A pull request that was merged, as GitHub's API tells it. `sha`: the commit that it became on its branch. */
export interface MergedPull {
  /** Only where it is not the team's. */
  repository?: string
  number: number
  title: string
  author: string
  url: string
  sha: string
  branch: string
  merged_by: string | null
  merged_at: string
}

/** `deploy` and `test` are done by the release itself; `agent` hands over to an agent, which has a thread of its own. */
export interface ReleaseStep {
  do: 'deploy' | 'test' | 'agent'
  environment: string
}

/** What a release does, in order, as deploybot.yaml said when it began: a later change of that file is for later releases. */
export interface ReleasePlan {
  services: string[]
  steps: ReleaseStep[]
  /** The end-to-end tests' workflow, and the branch that it runs from. */
  tests: { workflow: string; ref: string }
  on_failure: 'rollback' | null
}

export type ReleaseOutcome = 'released' | 'rolled_back' | 'stopped' | 'failed'

/** How a child ended, for the parent that waits for it. */
export interface ChildEnd {
  child_id: string
  status: 'done' | 'failed' | 'cancelled'
  message: string
  results: DeployResult[]
}

export type ReleaseFact =
  | { type: 'pull_request_merged'; data: MergedPull }
  | { type: 'release_planned'; data: ReleasePlan & { sha: string; pull_requests: number[] } }
  | { type: 'restart_offered'; data: { question: string; pull_requests: number[]; choices: string[] } }
  | { type: 'release_finished'; data: { outcome: ReleaseOutcome; message: string; sha: string; left: number[] } }
  | { type: 'merges_handed_on'; data: { thread_id: string; pull_requests: number[] } }

export type ChildFact =
  | { type: 'child_launched'; data: { to: number; child_id: string; agent: string } }
  | { type: 'child_ended'; data: { to: number } & ChildEnd }
  | { type: 'child_stopped'; data: { to: number; accepted: boolean; message: string } }
  | { type: 'parent_told'; data: { to: number } }
