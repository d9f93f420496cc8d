import type { Doubt } from '../../thread/event.ts'
import type { Prompt } from './model.ts'

/** A second model that looks at a step before people are asked about it. */
export interface Judge {
  /** What speaks against `step` following from what people asked for. Null: nothing, or no answer in time. Never throws. */
  doubt(prompt: Prompt, step: string, signal?: AbortSignal): Promise<Doubt | null>
}
