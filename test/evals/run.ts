import type { Model } from '../../src/agent/ports.ts'
import { renderPrompt } from '../../src/thread/prompt.ts'
import type { Case } from './case.ts'
import { grade, type Result } from './grade.ts'
import { team } from './world.ts'

/** Dollars for a million tokens. */
export interface Price {
  input: number
  output: number
}

export interface RunOptions {
  concurrency: number
  /** No further case is begun beyond these. */
  mostCalls: number
  mostUsd: number | null
  price: Price | null
  /** What was graded before, by the hash of its prompt. */
  before?: ReadonlyMap<string, Result>
  pause: (ms: number) => Promise<void>
  onResult?: (result: Result) => void
}

export interface Run {
  results: Result[]
  /** Cases that were not asked, as a bound was reached. */
  left: number
  calls: number
  usd: number | null
}

export const costOf = ({ input_tokens, output_tokens }: Result, price: Price): number =>
  (input_tokens * price.input + output_tokens * price.output) / 1_000_000

/** Asks several at once, in order, until all are asked or a bound is reached. */
export const run = async (cases: readonly Case[], model: Model, options: RunOptions): Promise<Run> => {
  const { before = new Map<string, Result>(), price } = options
  const waiting = [...cases.entries()]
  const results: Result[] = []
  const done: Run = { results, left: 0, calls: 0, usd: price && 0 }
  const isSpent = (): boolean =>
    done.calls >= options.mostCalls || (options.mostUsd !== null && (done.usd ?? 0) >= options.mostUsd)

  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [place, one] = next
      const { prompt_hash } = await model.preview(renderPrompt(one.events, team))
      const known = before.get(prompt_hash)
      if (known) {
        // The check may be another one than when it was asked.
        results[place] = { ...known, ...regraded(one, known) }
        continue
      }
      if (isSpent()) {
        done.left += 1
        continue
      }
      const result = await grade(one, model, options.pause)
      done.calls += result.calls
      if (price) done.usd = (done.usd ?? 0) + costOf(result, price)
      results[place] = result
      options.onResult?.(result)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return { ...done, results: results.filter((result) => result !== undefined) }
}

const regraded = ({ category, name, check }: Case, { step }: Result) => ({
  category,
  name,
  expected: check.says,
  passed: step !== null && check.holds(step),
})
