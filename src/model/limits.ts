import type { Answered, Ask, Prompt, Usage } from '../agent/ports.ts'
import { tokensIn } from '../thread/context/tokens.ts'
import type { ModelPolicy } from '../thread/policy.ts'
import { BACKOFF_MS } from './errors.ts'

type PerMinute = Pick<ModelPolicy, 'calls_per_minute' | 'tokens_per_minute'>

// Of the prompt's own words and of the reply, which nobody knows beforehand.
const BESIDE = 2_000

/** Lets all replicas together ask a model no more often than they may; what is too much waits. */
export const withinMinute = <Q extends Prompt, T>(
  ask: Ask<Q, T>,
  name: string,
  limits: PerMinute,
  usage: Usage,
): Ask<Q, T> => {
  const { calls_per_minute: calls, tokens_per_minute: tokens } = limits
  if (calls === undefined && tokens === undefined) return ask
  const most = { ...(calls === undefined ? {} : { calls }), ...(tokens === undefined ? {} : { tokens }) }
  return async (question, signal, options) => {
    const wait = await takes(usage, name, sizeOf(question), most)
    if (wait === 0) return ask(question, signal, options)
    const said = [calls && `${calls} calls`, tokens && `${tokens} tokens`].filter(Boolean).join(' and ')
    return not(name, 'model_rate_limited', `our own limit of ${said} a minute is reached`, wait)
  }
}

/** Lets a model be asked until it has cost as much today as it may; then a person is. What it costs is counted. */
export const withinDay = <Q extends Prompt, T>(
  ask: Ask<Q, T>,
  name: string,
  limit: number | undefined,
  usage: Usage,
): Ask<Q, T> => {
  if (limit === undefined) return ask
  return async (question, signal, options) => {
    const spent = await usage.today().catch(() => null)
    if (spent === null) return not(name, 'model_unavailable', UNREADABLE, BACKOFF_MS)
    if (spent >= limit && !options?.over_limit) {
      return not(name, 'spend_limit', `The model has cost ${spent.toFixed(2)} today (UTC), and may cost ${limit}.`)
    }
    const answer = await ask(question, signal, options)
    const { call } = answer
    // A call that was paid for is not lost because it could not be counted.
    await usage.spend(call.model, call.input_tokens + call.output_tokens, call.cost ?? 0).catch(() => {})
    return answer
  }
}

const UNREADABLE = 'what the model may still be asked could not be read'

const sizeOf = ({ setup, thread }: Prompt): number => tokensIn(setup) + tokensIn(thread) + BESIDE

/** A count that cannot be read lets nobody by: the database is away, and so nothing could be written down either. */
const takes = (usage: Usage, ...of: Parameters<Usage['take']>): Promise<number> =>
  usage.take(...of).catch(() => BACKOFF_MS)

const not = <T>(model: string, code: string, message: string, retry_after_ms?: number): Answered<T> => ({
  ok: false,
  code,
  message,
  ...(retry_after_ms === undefined ? {} : { retry_after_ms }),
  call: { model, prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 },
})
