export type ModelErrorCode =
  | 'model_rate_limited'
  | 'model_unavailable'
  | 'model_timeout'
  | 'model_aborted'
  | 'model_refused_key'
  | 'model_refused_request'
  | 'model_truncated'
  | 'model_filtered'
  | 'model_unreadable'
  | 'model_ambiguous'
  | 'model_failed'
  | 'not_its_step'

/** Why there is no step. The message is for people and for the next call: short, and never words of a prompt or a key. */
export class ModelError extends Error {
  readonly code: ModelErrorCode
  /** Set where the same call may work later. */
  readonly retryAfterMs: number | undefined
  constructor(code: ModelErrorCode, message: string, retryAfterMs?: number) {
    super(message.slice(0, LONGEST_MESSAGE))
    this.code = code
    this.retryAfterMs = retryAfterMs
  }
}

// BAML's own messages were seen to be 7.8 MB long, with the prompt in them.
const LONGEST_MESSAGE = 300

export const BACKOFF_MS = 1_000

/** What a failed call says to the thread. What we do not know is only named: its message may hold the prompt. */
export const explain = (error: unknown): { code: ModelErrorCode; message: string; retry_after_ms?: number } => {
  if (!(error instanceof ModelError)) return { code: 'model_failed', message: 'the model call failed unexpectedly' }
  const { code, message, retryAfterMs } = error
  return { code, message, ...(retryAfterMs === undefined ? {} : { retry_after_ms: retryAfterMs }) }
}
