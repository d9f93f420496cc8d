import type { Hosts, Model, ModelAnswer, Prompt, PromptPreview } from '../agent/ports.ts'
import { tokensIn } from '../thread/context/tokens.ts'
import { type Client, type ClientSettings, createClient } from './client.ts'
import { explain } from './errors.ts'
import { hashOf, messagesOf } from './messages.ts'
import { finishedText, readReply } from './replies.ts'
import { readStep } from './step.ts'
import { send } from './transport.ts'

export interface ModelSettings extends ClientSettings {
  /** How long one call may take. */
  timeoutMs?: number
  /** Knows whether the provider is down. */
  hosts?: Hosts
}

const DEFAULT_TIMEOUT_MS = 60_000

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
  const call = { model: settings.model, prompt_hash: '', input_tokens: 0, output_tokens: 0, ms: 0 }
  const timed = () => ({ ...call, ms: Math.round(performance.now() - started) })
  try {
    const request = await client.request(prompt)
    call.prompt_hash = hashOf(messagesOf(client.family, request.body))
    const { timeoutMs = DEFAULT_TIMEOUT_MS, hosts } = settings
    const body = await send(request, { timeoutMs, signal, hosts })
    const reply = readReply(client.family, body)
    call.model = reply.model ?? call.model
    call.input_tokens = reply.input_tokens
    call.output_tokens = reply.output_tokens
    return { ok: true, step: readStep(finishedText(reply), prompt.agent), call: timed() }
  } catch (error) {
    return { ok: false, ...explain(error), call: timed() }
  }
}

const preview = async (client: Client, model: string, prompt: Prompt): Promise<PromptPreview> => {
  const { body } = await client.request(prompt)
  const messages = messagesOf(client.family, body)
  const counted = messages.map((message) => ({ ...message, tokens: tokensIn(message.content) }))
  const tokens = counted.reduce((sum, message) => sum + message.tokens, 0)
  return { model, prompt_hash: hashOf(messages), messages: counted, tokens }
}
