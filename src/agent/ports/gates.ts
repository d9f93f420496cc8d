import type { GateRequest } from '../../thread/event.ts'

/** Runs that wait for us. */
export interface Gates {
  /** Looks at the run; for each gate of ours that it waits at a thread is launched, once. Those that are known from before too. */
  asked(repository: string, runId: number): Promise<string[]>
  /** Looks for runs that no webhook told of. */
  sweep(): Promise<void>
}

/** A run as GitHub's API has it: all of what a gate asks, but where and for whom. */
export type WaitingRun = Omit<GateRequest, 'environment' | 'service'>

/** Runs and the gates that they wait at, as GitHub's API has them. All throw ToolError. */
export interface GatedRuns {
  /** Those that wait for something or somebody. */
  waiting(repository: string): Promise<WaitingRun[]>
  /** Null: there is none of that number. */
  run(repository: string, runId: number): Promise<WaitingRun | null>
  /** The environments that it waits for, whoever is to answer. */
  environments(repository: string, runId: number): Promise<string[]>
  /** Whether the gate of that environment is ours to answer. */
  isOurs(repository: string, environment: string): Promise<boolean>
}
