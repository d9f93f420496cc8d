import type { CommentRecord } from './comments.ts'
import type { PullRecord } from './pulls.ts'
import type { DeliveryRecord } from './subjects.ts'

/** All that the stand-in remembers. Plain JSON: it is written to the state file as it is. Times are milliseconds. */
export interface State {
  version: 1
  next_id: number
  commits: CommitRecord[]
  branches: Record<string, string>
  tags: Record<string, TagRecord>
  runs: RunRecord[]
  deployments: DeploymentRecord[]
  deliveries: DeliveryRecord[]
  pulls: PullRecord[]
  comments: CommentRecord[]
  /** `id`: not there before it was installed anew for the first time. */
  installation: { state: 'active' | 'suspended' | 'deleted'; at: number; id?: number }
  teams: Record<string, string[]>
  collaborators: Record<string, Permission>
  /** Environments whose gate somebody else keeps. */
  gated: string[]
  /** Who keeps the fence that a run has to pass first; null: there is none. */
  claims: { url: string; audience: string } | null
  /** Files that were written since the beginning, by their path; of the others only workflows are there. */
  files?: Record<string, string>
}

export type Permission = 'admin' | 'write' | 'read' | 'none'

export interface Person {
  name: string
  login: string
}

export interface CommitRecord {
  sha: string
  parents: string[]
  message: string
  author: Person
  at: number
  files?: ChangedFile[]
}

export interface ChangedFile {
  filename: string
  status: 'added' | 'modified' | 'removed'
  additions: number
  deletions: number
}

/** An annotated tag is an object of its own (`object`) that points to the commit; a lightweight one has none. */
export interface TagRecord {
  commit: string
  object: string | null
  at: number
}

export type RunStatus = 'queued' | 'waiting' | 'in_progress' | 'completed'
type Conclusion = 'success' | 'failure' | 'cancelled' | 'timed_out'

/** A run knows its whole future from the start, so that after a crash it goes on by the clock. `status` is how far it got. */
export interface RunRecord {
  id: number
  number: number
  workflow: string
  branch: string
  sha: string
  title: string
  inputs: Record<string, string>
  status: RunStatus
  conclusion: Conclusion
  failing: { job: string; step: string } | null
  /** Which time this is that it runs. Not there: the first. */
  attempt?: number
  /** When this attempt was asked for. Not there: when the run was. */
  queued_at?: number
  /** The attempts before this one, as they ended. */
  earlier?: Attempt[]
  /** Where it stands with the fence, its first job. Not there: it has none. */
  claim?: { state: 'owed' | 'won' | 'lost'; status: number }
  /** Where it stands with the gate of its environment. Not there: it did not come to one. */
  gate?: Gate
  /** Not there: the one of its workflow file. */
  jobs?: string[]
  /** What the failing step printed. */
  log?: string
  created_at: number
  starts_at: number
  completes_at: number
  visible_at: number
  deployment_id: number | null
}

export type Attempt = Omit<RunRecord, 'earlier'>

export interface Gate {
  environment: string
  /** The deployment that GitHub itself puts on record for a job with an environment. */
  deployment: number
  state: 'pending' | 'approved' | 'rejected'
  comment: string
  since: number
}

export type DeploymentState = 'pending' | 'queued' | 'in_progress' | 'success' | 'failure' | 'error' | 'inactive'

export interface DeploymentRecord {
  id: number
  sha: string
  ref: string
  task: string
  environment: string
  payload: Record<string, unknown> | string
  description: string | null
  at: number
  statuses: StatusRecord[]
}

export interface StatusRecord {
  id: number
  state: DeploymentState
  description: string
  log_url: string
  environment_url: string
  at: number
}

// Enough for any demonstration, and the state file stays well under a megabyte however long the sandbox runs.
const KEEP = { runs: 1000, deployments: 1000, deliveries: 500, owed: 10_000 }

/** Forgets the oldest finished things. */
export const prune = (state: State): void => {
  if (state.deployments.length > KEEP.deployments)
    state.deployments.splice(0, state.deployments.length - KEEP.deployments)
  if (state.runs.length > KEEP.runs) state.runs = lastOf(state.runs, KEEP.runs, (run) => run.status !== 'completed')
  if (state.deliveries.length > KEEP.deliveries)
    state.deliveries = lastOf(
      state.deliveries.slice(-KEEP.owed),
      KEEP.deliveries,
      ({ outcome }) => outcome === 'pending',
    )
}

const lastOf = <T>(list: T[], count: number, needed: (item: T) => boolean): T[] =>
  list.filter((item, index) => needed(item) || index >= list.length - count)
