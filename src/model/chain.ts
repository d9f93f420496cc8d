import type { Answered, Ask, Prompt } from '../agent/ports.ts'

// What another provider may do better at. A reply that is none is the model's own, and is asked for again.
const ELSEWHERE = [
  'model_unavailable',
  'model_timeout',
  'model_rate_limited',
  'model_refused_key',
  'model_refused_request',
]

/** Asks the first model, and each next one where those before it do not answer. */
export const inTurn =
  <Q extends Prompt, T>(models: readonly [Ask<Q, T>, ...Ask<Q, T>[]]): Ask<Q, T> =>
  async (question, signal, options) => {
    const failed: Failed[] = []
    for (const ask of models) {
      const answer = await ask(question, signal, options)
      if (answer.ok || !ELSEWHERE.includes(answer.code)) return answer
      failed.push(answer)
    }
    return together(failed)
  }

type Failed = Extract<Answered<unknown>, { ok: false }>

/** Why none of them did; tried again as soon as one of them may. */
const together = (failed: Failed[]): Failed => {
  const [first, ...rest] = failed as [Failed, ...Failed[]]
  if (rest.length === 0) return first
  const soonest = failed.map((one) => one.retry_after_ms).filter((ms) => ms !== undefined)
  const { retry_after_ms: _, ...told } = first
  return {
    ...told,
    message: [first, ...rest]
      .map(({ call, message }) => `${call.model}: ${message}`)
      .join('; ')
      .slice(0, MESSAGE),
    ...(soonest.length === 0 ? {} : { retry_after_ms: Math.min(...soonest) }),
  }
}

const MESSAGE = 300
