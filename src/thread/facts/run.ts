import type { WriteIntent } from '../step.ts'

export type RunStatus = 'queued' | 'in_progress' | 'completed'
export interface RunReport {
  dispatch_id: string
  run_id: number
  attempt: number
  status: RunStatus
  conclusion: string | null
  html_url: string
  /** The first of its jobs; not there before it starts. */
  jobs?: JobReport[]
}

export interface JobReport {
  name: string
  status: RunStatus
  conclusion: string | null
}

/** Where a run broke, and the last lines that were written before it did. */
export interface RunFailure {
  job: string
  step: string | null
  log: string | null
}

export interface DeployResult {
  status: 'success' | 'failure' | 'cancelled'
  service: string
  environment: string
  tag: string
  sha: string
  run_id: number
  html_url: string
  message: string
  /** What was live there until then; null: nothing. */
  replaced?: { tag: string | null; sha: string } | null
}

export type RunFact =
  | { type: 'tool_started'; data: { to: number; dispatch_id: string; args_hash: string } }
  | { type: 'dispatch_accepted'; data: { dispatch_id: string; run_id: number | null; html_url: string | null } }
  | { type: 'dispatch_deferred'; data: { dispatch_id: string; until: string; reason: string } }
  | { type: 'dispatch_unclear'; data: { dispatch_id: string; reason: string } }
  | { type: 'dispatch_unknown'; data: { dispatch_id: string; question: string; choices: string[] } }
  | { type: 'run_reported'; data: RunReport }
  // By somebody at GitHub, after we had written its result: seen, and not followed.
  | { type: 'run_restarted'; data: { dispatch_id: string; run_id: number; attempt: number; message: string } }
  | { type: 'run_cancel_requested'; data: { run_id: number; accepted: boolean; message: string } }
  | { type: `${WriteIntent}_result`; data: DeployResult }
