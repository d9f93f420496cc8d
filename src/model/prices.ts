import type { ModelCall } from '../thread/event.ts'
import type { ModelPrice } from '../thread/policy.ts'

const MILLION = 1_000_000

/** What a call cost; null where no price is known. What was cached costs as much as anything else where no price of its own is said. */
export const costOf = (call: ModelCall, price: ModelPrice | undefined): number | null => {
  if (price === undefined) return null
  const cached = Math.min(call.cached_tokens ?? 0, call.input_tokens)
  const input = (call.input_tokens - cached) * price.input + cached * (price.cached ?? price.input)
  // Beyond a millionth there is nothing to see, and floats would show what there is not.
  return Math.round(input + call.output_tokens * price.output) / MILLION
}
