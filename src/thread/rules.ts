import type { Personal } from './contact/ladder.ts'
import type { Json } from './event.ts'
import type { Policy } from './policy.ts'

/** What deciding needs beside input and state. */
export interface Rules {
  policy: Policy
  limits: Limits
  /** By which of these people can be reached here. */
  ways: readonly Personal[]
  /** SHA-256, hex, over canonical JSON (RFC 8785); passed in because this folder imports nothing. */
  hash: (value: Json) => string
}

export interface Limits {
  model_calls: number
  dispatches: number
  errors_in_a_row: number
  /** How long a failure that may pass is waited out before a person is asked. */
  outage_seconds: number
  /** How often a person may be asked to grant more before the thread gives up. */
  escalations: number
}

export const LIMITS: Limits = {
  model_calls: 20,
  dispatches: 3,
  errors_in_a_row: 3,
  outage_seconds: 900,
  escalations: 5,
}
