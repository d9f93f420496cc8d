import type { Answered, Hosts } from '../agent/ports.ts'
import type { ModelCall } from '../thread/event.ts'
import type { ModelPrice } from '../thread/policy.ts'
import { clean } from '../thread/text.ts'
import type { ClientSettings } from './client.ts'
import { authorized } from './cloud.ts'
import { explain } from './errors.ts'
import { hashOf, messagesOf } from './messages.ts'
import { costOf } from './prices.ts'
import { providerOf } from './providers.ts'
import { finishedText, type Reply, readReply } from './replies.ts'
import type { HttpRequest } from './requests.ts'
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

/** How one thing is asked for: what is sent, and how the text that comes back is read. Reading throws ModelError. */
export interface Question<T> {
  request: () => Promise<HttpRequest>
  read: (text: string, by: string) => T
}

/** One call of a model, with what it cost. Never throws. */
export const ask = async <T>(
  settings: ModelSettings,
  { request: build, read }: Question<T>,
  signal?: AbortSignal,
): Promise<Answered<T>> => {
  const started = performance.now()
  const { family } = providerOf(settings.provider)
  const call: ModelCall = { model: settings.model, prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 }
  const told = (): ModelCall => {
    const ms = Math.round(performance.now() - started)
    return { ...call, ms, cost: costOf(call, settings.price), finish: call.finish ?? null }
  }
  try {
    const request = await build()
    call.prompt_hash = hashOf(messagesOf(family, request.body))
    const { timeoutMs = DEFAULT_TIMEOUT_MS, hosts } = settings
    const options = { timeoutMs, signal, hosts }
    const reply = readReply(family, await send(await authorized(request, settings, options), options))
    Object.assign(call, figuresOf(reply))
    return { ok: true, ...read(finishedText(reply), call.model), call: told() }
  } catch (error) {
    return { ok: false, ...explain(error), call: told() }
  }
}

/** What the answer says of itself, and not of what was asked for. */
const figuresOf = ({ model, input_tokens, output_tokens, cached_tokens, finish }: Reply): Partial<ModelCall> => ({
  ...(model === null ? {} : { model: clean(model, LONGEST_NAME) }),
  input_tokens,
  output_tokens,
  ...(cached_tokens === undefined ? {} : { cached_tokens }),
  finish,
})
