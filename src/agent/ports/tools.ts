import type { Facts, OpenRun, ReadResult } from '../../thread/event.ts'
import type { RunSeen } from '../../thread/input.ts'
import type { ReadStep } from '../../thread/step.ts'
import type { Target } from '../../thread/target.ts'

/** A tool's failure that the thread should learn of. `retry_after_ms`: nothing was done and the same call may work later. */
export class ToolError extends Error {
  readonly code: string
  readonly nearest: string[]
  readonly retryAfterMs: number | undefined
  constructor(code: string, message: string, more: { nearest?: string[]; retryAfterMs?: number } = {}) {
    super(message)
    this.code = code
    this.nearest = more.nearest ?? []
    this.retryAfterMs = more.retryAfterMs
  }
}

/** Which hosts are down, so that nobody waits for them in vain. Only a guard: nothing that is true depends on it. */
export interface Hosts {
  /** How long, in milliseconds, this host should be left alone. 0: call it now, and report how that went. */
  pauseOf(host: string): Promise<number>
  /** `down`: it failed by itself (5xx, time-out, no connection). A refusal and a limit are answers. */
  report(host: string, down: boolean): void
}

/** An approved step on its way out. `inputs` of the workflow are made of these and nothing else. */
export interface DispatchOrder {
  dispatch_id: string
  repository: string
  workflow: string
  ref: string
  service: string
  environment: string
  tag: string
  sha: string
  /** No workflow is started, but a run that waits is answered. */
  gate?: GateAnswer
}

/** GitHub's own answer names no attempt: it is about whichever waits. */
export interface GateAnswer {
  run_id: number
  attempt: number
  html_url: string
  state: 'approved' | 'rejected'
  comment: string
}

/** `refused`: GitHub said no, nothing runs. `deferred`: said "later", nothing runs. `unclear`: it may or may not run: look, never send again. */
export type DispatchOutcome =
  | { outcome: 'accepted'; run_id: number | null; html_url: string | null }
  | { outcome: 'refused'; code: string; message: string }
  | { outcome: 'deferred'; retry_after_ms: number; reason: string }
  | { outcome: 'unclear'; reason: string }

export interface Tools {
  /** Runs a read step. Throws ToolError. */
  read(step: ReadStep): Promise<ReadResult>
  /** Runs of the services' workflows that others started and that have not ended. Throws ToolError. */
  openRuns(): Promise<OpenRun[]>
  /** What the step would ship, read from GitHub now. Throws ToolError (`unknown_tag` with the nearest names, …). */
  prepare(target: Target): Promise<Facts>
  /** ONE POST, and none that had not left when `signal` is aborted: that one is deferred. Never throws. */
  dispatch(order: DispatchOrder, signal?: AbortSignal): Promise<DispatchOutcome>
  /** What became of a dispatch, by looking: its run by `run_id` where known, else by run name (ends in the dispatch_id). With its jobs once it is on, and why it failed. Null: not there (yet). Throws ToolError. */
  verify(order: DispatchOrder, run_id: number | null): Promise<RunSeen | null>
  /** Asks GitHub to cancel. Never throws. `retry_after_ms`: GitHub did not hear, so ask again. */
  cancelRun(
    repository: string,
    run_id: number,
  ): Promise<{ accepted: boolean; message: string; retry_after_ms?: number }>
}
