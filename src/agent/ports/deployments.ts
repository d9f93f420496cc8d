import type { Deployment } from '../../thread/deployments.ts'
import type { LiveDeployment } from '../../thread/event.ts'
import type { Place } from '../../thread/lane.ts'

/** How deployments ended, read from the index. */
export interface Deployments {
  /** The latest `most` of each of these places, the newest first. */
  latest(places: readonly Place[], most: number): Promise<Deployment[]>
  /** What became of a service in an environment in each week (from its Monday, in UTC) since `since`, the oldest first. */
  weeks(environment: string, since: string): Promise<Week[]>
}

/** Seconds are those of the middle one (the median); null: there was none to measure. */
export interface Week {
  service: string
  /** `2026-11-23` */
  monday: string
  /** Those that went live, rollbacks too. */
  deployed: number
  rolled_back: number
  /** Deployments that went forward and ended, and those among them that failed or had to go back. */
  changes: number
  failed: number
  lead_seconds: number | null
  restore_seconds: number | null
  waited_seconds: number | null
  model_calls: number
  input_tokens: number
  output_tokens: number
  /** In the currency of `model.prices`; null: of no call is it known. */
  model_cost: number | null
}

/** What runs where, as GitHub says. Throws ToolError. */
export interface Live {
  live(): Promise<LiveDeployment[]>
}
