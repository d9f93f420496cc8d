import type { ReadStep } from '../step.ts'
import type { GateFacts } from './gate.ts'
import type { Deploying, Lock } from './guard.ts'
import type { RunStatus } from './run.ts'

export interface Commit {
  /** Here and below: only where the team has several. */
  repository?: string
  sha: string
  message: string
  author: string
  /** Who that is on GitHub, where GitHub knows. */
  author_login?: string
  date: string
}

export interface PullRequest {
  number: number
  title: string
  author: string
  url: string
}

/** Of a comparison, at most 300 files; `paths` are the first of them. */
export interface ChangedFiles {
  total: number
  paths: string[]
}

export interface GitTag {
  repository?: string
  name: string
  commit: string
  date: string | null
}

export interface LiveDeployment {
  repository?: string
  service: string
  environment: string
  tag: string | null
  sha: string
  since: string
  url: string | null
}

export interface ComparedCommits {
  repository?: string
  ahead_by: number
  behind_by: number
  commits: Commit[]
  url: string
}

/** A run of services' workflow that somebody else started at GitHub and that has not ended. Where it deploys to, GitHub does not say. */
export interface OpenRun {
  services: string[]
  workflow: string
  status: RunStatus
  title: string
  by: string
  since: string
  html_url: string
}

/** What a read tool found, keyed by its intent. */
export interface ReadResults {
  list_git_tags: { tags: GitTag[]; more: boolean }
  list_git_commits: { ref: string; commits: Commit[] }
  compare_commits: { base: string; head: string } & ComparedCommits & {
      /** The same names mean something in other repositories too. */
      elsewhere?: ComparedCommits[]
    }
  check_deployment_status: {
    live: LiveDeployment[]
    /** What stands in the way there; not there where nothing does, or in logs from before it was looked at. */
    deploying?: Deploying[]
    locks?: (Lock & { thread_id: string })[]
    open_runs?: OpenRun[]
    frozen?: { environment: string; reason: string; until: string | null }[]
  }
  get_workflow_status: {
    workflow_name: string
    runs: {
      repository?: string
      id: number
      status: string
      conclusion: string | null
      title: string
      html_url: string
      created_at: string
    }[]
  }
}
export type ReadResult = { [I in keyof ReadResults]: { intent: I; data: ReadResults[I] } }[keyof ReadResults]

export type ReadFact = {
  [R in ReadResult as R['intent']]: { type: `${R['intent']}_result`; data: R['data'] }
}[ReadStep['intent']]

/** What a write step would do, as read from GitHub by code just now. */
export interface Facts {
  repository: string
  workflow: string
  ref: string
  service: string
  environment: string
  tag: string
  sha: string
  live: { tag: string | null; sha: string; since: string; url: string | null } | null
  direction: 'first' | 'forward' | 'backward' | 'diverged' | 'same' | 'unknown'
  commits: Commit[]
  commits_total: number
  compare_url: string | null
  /** What the commits came with; not there where GitHub does not let us see. */
  pull_requests?: PullRequest[]
  files?: ChangedFiles
  /** Whether this very SHA has succeeded in the environment that must come first; null where policy names none. */
  stage: { environment: string; succeeded: boolean } | null
  /** The blob of the workflow file at `ref`: what would run it. */
  workflow_sha?: string
  /** Of a run that waits at a gate: nothing is dispatched, it is let on. */
  gate?: GateFacts
}
