import type { ModelAgent } from '../../thread/agents.ts'
import type { Doubt, ModelCall } from '../../thread/event.ts'
import type { Step } from '../../thread/step.ts'

/** Which of its functions the model is asked by, and what it is shown: the unchanging part (services, environments, rules) and all that has happened so far. */
export interface Prompt {
  agent: ModelAgent
  setup: string
  thread: string
  /** How long the thread's text was at each earlier call that began with the same. */
  ends?: readonly number[]
}

/** A step that is to be judged, in the light of all that it was chosen on. */
export interface ToJudge extends Prompt {
  step: string
}

export interface PromptPreview {
  model: string
  prompt_hash: string
  messages: { role: string; content: string; tokens: number }[]
  tokens: number
}

/** What was asked for, or why it is not there. `retry_after_ms` is set where trying later can help (429, 5xx, time-outs). */
export type Answered<T> =
  | ({ ok: true; call: ModelCall } & T)
  | { ok: false; code: string; message: string; retry_after_ms?: number; call: ModelCall }
export type ModelAnswer = Answered<{ step: Step }>
export type JudgeAnswer = Answered<{ doubt: Doubt | null }>

/** `over_limit`: a person let this thread go on although the day's money is spent. */
export interface ModelCallOptions {
  over_limit?: boolean
}

/** Asks a model one thing. Never throws: what goes wrong is an answer. */
export type Ask<Q extends Prompt, T> = (
  question: Q,
  signal?: AbortSignal,
  options?: ModelCallOptions,
) => Promise<Answered<T>>

export interface Model {
  /** Asks for one next step. */
  next: Ask<Prompt, { step: Step }>
  /** The exact messages that `next` would send. No network. */
  preview(prompt: Prompt): Promise<PromptPreview>
}

/** A second model that looks at a step before people are asked about it. */
export interface Judge {
  /** What speaks against the step following from what people asked for; null: nothing. */
  doubt: Ask<ToJudge, { doubt: Doubt | null }>
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
