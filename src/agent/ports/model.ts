import type { ModelAgent } from '../../thread/agents.ts'
import type { ModelCall } from '../../thread/event.ts'
import type { Step } from '../../thread/step.ts'

/** Which of its functions the model is asked by, and what it is shown: the unchanging part (services, environments, rules) and all that has happened so far. */
export interface Prompt {
  agent: ModelAgent
  setup: string
  thread: string
}

export interface PromptPreview {
  model: string
  prompt_hash: string
  messages: { role: string; content: string; tokens: number }[]
  tokens: number
}

/** A selected step, or why there is none. `retry_after_ms` is set where trying later can help (429, 5xx, time-outs). */
export type ModelAnswer =
  | { ok: true; step: Step; call: ModelCall }
  | { ok: false; code: string; message: string; retry_after_ms?: number; call: ModelCall }

/** `over_limit`: a person let this thread go on although the day's money is spent. */
export interface ModelCallOptions {
  over_limit?: boolean
}

export interface Model {
  /** Asks for one next step. Never throws: what goes wrong is an answer. */
  next(prompt: Prompt, signal?: AbortSignal, options?: ModelCallOptions): Promise<ModelAnswer>
  /** The exact messages that `next` would send. No network. */
  preview(prompt: Prompt): Promise<PromptPreview>
}

/** What all replicas together asked of models, and paid for them. */
export interface Usage {
  /** Takes one call of about so many tokens from this minute. 0: go; otherwise in how many milliseconds there is more. */
  take(model: string, tokens: number, limits: { calls?: number; tokens?: number }): Promise<number>
  /** What a call came to. */
  spend(model: string, tokens: number, cost: number): Promise<void>
  /** What all models cost since 00:00 UTC. */
  today(): Promise<number>
}
