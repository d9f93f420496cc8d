import type { Model, ModelAnswer } from '../../src/agent/ports.ts'
import { renderPrompt } from '../../src/thread/prompt.ts'
import type { Step } from '../../src/thread/step.ts'
import type { Case } from './case.ts'
import { team } from './world.ts'

/** How a model did on one case. `prompt_hash` names what it was shown: the same again need not be asked again. */
export interface Result {
  category: string
  name: string
  expected: string
  prompt_hash: string
  passed: boolean
  /** What it said; an error's code, where it gave no step. */
  step: Step | null
  error: string | null
  model: string
  calls: number
  input_tokens: number
  output_tokens: number
  ms: number
}

const MOST_TRIES = 3

/** Asks for the step and looks at it. What the provider puts off is asked again, a few times. */
export const grade = async (one: Case, model: Model, pause: (ms: number) => Promise<void>): Promise<Result> => {
  const prompt = renderPrompt(one.events, team)
  let answer = await model.next(prompt)
  let calls = 1
  while (!answer.ok && answer.retry_after_ms !== undefined && calls < MOST_TRIES) {
    await pause(answer.retry_after_ms)
    answer = await model.next(prompt)
    calls += 1
  }
  return resultOf(one, answer, calls)
}

const resultOf = ({ category, name, check }: Case, answer: ModelAnswer, calls: number): Result => {
  const { model, prompt_hash, input_tokens, output_tokens, ms } = answer.call
  const about = { category, name, expected: check.says, prompt_hash, model, calls, input_tokens, output_tokens, ms }
  return answer.ok
    ? { ...about, passed: check.holds(answer.step), step: answer.step, error: null }
    : { ...about, passed: false, step: null, error: answer.code }
}
