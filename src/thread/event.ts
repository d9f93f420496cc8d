import type { QuestionOptions, ReadStep, Step, WriteIntent } from './step.ts'

/** Who did it. Only a `person` (a key of `people` in deploybot.yaml) can approve; a `caller` is a token bound to nobody. */
export type Actor =
  | { kind: 'person'; id: string; via?: string }
  | { kind: 'caller'; id: string; via?: string }
  | ({ kind: 'model' } & ModelCall)
  | { kind: 'code' }
  | { kind: 'github' }

/** What one model call cost and which prompt it was. */
export interface ModelCall {
  model: string
  prompt_hash: string
  input_tokens: number
  output_tokens: number
  ms: number
}

export interface Commit {
  sha: string
  message: string
  author: string
  date: string
}

export interface GitTag {
  name: string
  commit: string
  date: string | null
}

export interface LiveDeployment {
  service: string
  environment: string
  tag: string | null
  sha: string
  since: string
  url: string | null
}

/** What a read tool found, keyed by its intent. */
export interface ReadResults {
  list_git_tags: { tags: GitTag[]; more: boolean }
  list_git_commits: { ref: string; commits: Commit[] }
  compare_commits: { base: string; head: string; ahead_by: number; behind_by: number; commits: Commit[]; url: string }
  check_deployment_status: { live: LiveDeployment[] }
  get_workflow_status: {
    workflow_name: string
    runs: {
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
  direction: 'first' | 'forward' | 'backward' | 'diverged' | 'same'
  commits: Commit[]
  commits_total: number
  compare_url: string | null
  /** Whether this very SHA has succeeded in the environment that must come first; null where policy names none. */
  stage: { environment: string; succeeded: boolean } | null
}

/** Facts that became a question: what is shown is what `args_hash` covers is what runs. */
export interface Proposal extends Facts {
  to: number
  intent: WriteIntent
  args_hash: string
  policy_version: string
  expires_at: string
}

export interface Approvers {
  quorum: number
  approvers: string[]
  self_approval: boolean
}

export type RunStatus = 'queued' | 'in_progress' | 'completed'
export interface RunReport {
  dispatch_id: string
  run_id: number
  attempt: number
  status: RunStatus
  conclusion: string | null
  html_url: string
}

export type EscalationReason = 'errors_in_a_row' | 'outage' | 'model_call_limit' | 'dispatch_limit'
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json }
export type ReplyTo = { webhook: string }

/** Every fact a thread can hold: type → data. A selected step's type is its intent, its outcome `<intent>_result`. */
export type Fact =
  | { type: 'thread_launched'; data: { agent: string; title: string; context?: Json; reply_to?: ReplyTo } }
  | { type: 'message'; data: { message: string } }
  | { [S in Step as S['intent']]: { type: S['intent']; data: S } }[Step['intent']]
  | { [R in ReadResult as R['intent']]: { type: `${R['intent']}_result`; data: R['data'] } }[ReadStep['intent']]
  | { type: `${WriteIntent}_result`; data: DeployResult }
  | { type: 'error'; data: { code: string; message: string; to?: number; nearest?: string[]; retry_at?: string } }
  | { type: 'approval_requested'; data: Proposal & Approvers & { changed?: string[] } }
  | { type: 'approval_waived'; data: Proposal & { reason: string } }
  | { type: 'approval_given'; data: { to: number; args_hash: string; comment?: string } }
  | { type: 'approval_denied'; data: { to: number; comment: string } }
  | { type: 'approval_expired'; data: { to: number } }
  | { type: 'approval_superseded'; data: { to: number; reason: SupersededBy; changed?: string[] } }
  | { type: 'tool_started'; data: { to: number; dispatch_id: string; args_hash: string } }
  | { type: 'dispatch_accepted'; data: { dispatch_id: string; run_id: number | null; html_url: string | null } }
  | { type: 'dispatch_deferred'; data: { dispatch_id: string; until: string; reason: string } }
  | { type: 'dispatch_unclear'; data: { dispatch_id: string; reason: string } }
  | { type: 'dispatch_unknown'; data: { dispatch_id: string; question: string; choices: string[] } }
  | { type: 'run_reported'; data: RunReport }
  | { type: 'run_cancel_requested'; data: { run_id: number; accepted: boolean; message: string } }
  | { type: 'slept'; data: { until: string } }
  | { type: 'human_response'; data: { to: number; response?: string; choice?: string; approved?: boolean } }
  | { type: 'escalated'; data: { reason: EscalationReason; question: string } }
  | { type: 'human_contacted'; data: { to: number; channel: string; ok: boolean; message?: string } }
  | { type: 'cancelled'; data: { reason: string } }
  | { type: 'forked'; data: { from: string; at: number } }
  | { type: 'thread_failed'; data: { code: string; message: string } }

/** `message`: people spoke since · `edit`: other arguments were asked for · `drift`: the world changed since it was shown. */
export type SupersededBy = 'message' | 'edit' | 'drift'

export interface DeployResult {
  status: 'success' | 'failure' | 'cancelled'
  service: string
  environment: string
  tag: string
  sha: string
  run_id: number
  html_url: string
  message: string
}

/** A fact before it has a place in a log. */
export type NewEvent = Fact & { actor: Actor }
/** A fact in its place: never changed, never removed. */
export type Event = NewEvent & { thread_id: string; seq: number; at: string }
export type EventType = Event['type']
export type EventOf<T extends EventType> = Extract<Event, { type: T }>

export type { QuestionOptions }
