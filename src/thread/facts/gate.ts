/** A run at GitHub that waits at the gate of an environment until we answer, as GitHub's API tells it. */
export interface GateRequest {
  repository: string
  run_id: number
  attempt: number
  environment: string
  /** The workflow's file, and the branch or tag that it runs from. */
  workflow: string
  ref: string
  sha: string
  /** The service that this workflow deploys; else the workflow's file again. */
  service: string
  title: string
  /** What started it: `push`, `workflow_dispatch` … */
  event: string
  /** Who started it, by their name at GitHub. */
  requested_by: string | null
  html_url: string
}

/** What a person must know of such a run beside what there is to know of any deployment. */
export interface GateFacts
  extends Pick<GateRequest, 'run_id' | 'attempt' | 'title' | 'event' | 'requested_by' | 'html_url'> {
  /** `inputs`: it may deploy another commit than its own, by its inputs, which GitHub does not tell. */
  commit_by: 'run' | 'inputs'
  /** The dispatch of ours that it is; null: somebody else started it. */
  dispatched_by: Dispatched | null
}

export interface Dispatched {
  thread_id: string
  dispatch_id: string
}

export type GateFact =
  | { type: 'gate_requested'; data: GateRequest }
  | { type: 'close_gate_result'; data: { to: number; accepted: boolean; message: string; code?: string } }
