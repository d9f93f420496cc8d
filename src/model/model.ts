import type { Hosts, Model, ModelAnswer, Prompt, PromptPreview } from '../agent/ports.ts'
import { tokensIn } from '../thread/context/tokens.ts'
import type { ModelCall } from '../thread/event.ts'
import type { ModelPolicy, ModelPrice } from '../thread/policy.ts'
import { clean } from '../thread/text.ts'
import { type Client, type ClientSettings, createClient } from './client.ts'
import { explain } from './errors.ts'
import { hashOf, messagesOf } from './messages.ts'
import { costOf } from './prices.ts'
import { finishedText, type Reply, readReply } from './replies.ts'
import { readStep } from './step.ts'
import { send } from './transport.ts'

export interface ModelSettings extends ClientSettings {
  /** How long one call may take. */
  timeoutMs?: number
  /** Knows whether the provider is down. */
  hosts?: Hosts
  price?: ModelPrice
}

const DEFAULT_TIMEOUT_MS = 60_000
const LONGEST_NAME = 200

/** A model as it is configured, with its price. */
export const settingsOf = (
  { apiKey, baseUrl, ...named }: { provider: string; model: string; apiKey: string | null; baseUrl: string | null },
  { prices = {} }: Pick<ModelPolicy, 'prices'> = {},
): ModelSettings => {
  const price = Object.hasOwn(prices, named.model) ? prices[named.model] : undefined
  return { ...named, ...(apiKey ? { apiKey } : {}), ...(baseUrl ? { baseUrl } : {}), ...(price ? { price } : {}) }
}

/** Asks a language model for the next step. Throws only here, when the provider is not one that we can ask. */
export const createModel = (settings: ModelSettings): Model => {
  const client = createClient(settings)
  return {
    next: (prompt, signal) => next(client, settings, prompt, signal),
    preview: (prompt) => preview(client, settings.model, prompt),
  }
}

const next = async (
  client: Client,
  settings: ModelSettings,
  prompt: Prompt,
  signal?: AbortSignal,
): Promise<ModelAnswer> => {
  const started = performance.now()
  const call: ModelCall = { model: settings.model, prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 }
  const told = (): ModelCall => {
    const ms = Math.round(performance.now() - started)
    return { ...call, ms, cost: costOf(call, settings.price), finish: call.finish ?? null }
  }
  try {
    const request = await client.request(prompt)
    call.prompt_hash = hashOf(messagesOf(client.family, request.body))
    const { timeoutMs = DEFAULT_TIMEOUT_MS, hosts } = settings
    const body = await send(request, { timeoutMs, signal, hosts })
    const reply = readReply(client.family, body)
    Object.assign(call, figuresOf(reply))
    return { ok: true, step: readStep(finishedText(reply), prompt.agent), call: told() }
  } catch (error) {
    return { ok: false, ...explain(error), call: told() }
  }
}

/** What the answer says of itself, and not of the step. */
const figuresOf = ({ model, input_tokens, output_tokens, cached_tokens, finish }: Reply): Partial<ModelCall> => ({
  ...(model === null ? {} : { model: clean(model, LONGEST_NAME) }),
  input_tokens,
  output_tokens,
  ...(cached_tokens === undefined ? {} : { cached_tokens }),
  finish,
})

const preview = async (client: Client, model: string, prompt: Prompt): Promise<PromptPreview> => {
  const { body } = await client.request(prompt)
  const messages = messagesOf(client.family, body)
  const counted = messages.map((message) => ({ ...message, tokens: tokensIn(message.content) }))
  const tokens = counted.reduce((sum, message) => sum + message.tokens, 0)
  return { model, prompt_hash: hashOf(messages), messages: counted, tokens }
}
