import type { Model, Prompt, PromptPreview } from '../agent/ports.ts'
import { tokensIn } from '../thread/context/tokens.ts'
import type { ModelPolicy } from '../thread/policy.ts'
import { ask, type ModelSettings } from './ask.ts'
import { type Client, createClient } from './client.ts'
import type { Cloud } from './cloud.ts'
import { hashOf, messagesOf } from './messages.ts'
import { readStep } from './step.ts'

interface Named {
  provider: string
  model: string
  apiKey: string | null
  baseUrl: string | null
  cloud?: Cloud | null
}

/** A model as it is configured, with its price. */
export const settingsOf = (
  { apiKey, baseUrl, cloud, ...named }: Named,
  { prices = {} }: Pick<ModelPolicy, 'prices'> = {},
): ModelSettings => {
  const price = Object.hasOwn(prices, named.model) ? prices[named.model] : undefined
  return {
    ...named,
    ...(apiKey ? { apiKey } : {}),
    ...(baseUrl ? { baseUrl } : {}),
    ...(cloud ? { cloud } : {}),
    ...(price ? { price } : {}),
  }
}

/** Asks a language model for the next step. Throws only here, when the provider is not one that we can ask. */
export const createModel = (settings: ModelSettings): Model => {
  const client = createClient(settings)
  return {
    next: (prompt, signal) =>
      ask(
        settings,
        { request: () => client.request(prompt), read: (text) => ({ step: readStep(text, prompt.agent) }) },
        signal,
      ),
    preview: (prompt) => preview(client, settings.model, prompt),
  }
}

const preview = async (client: Client, model: string, prompt: Prompt): Promise<PromptPreview> => {
  const { body } = await client.request(prompt)
  const messages = messagesOf(client.family, body)
  const counted = messages.map((message) => ({ ...message, tokens: tokensIn(message.content) }))
  const tokens = counted.reduce((sum, message) => sum + message.tokens, 0)
  return { model, prompt_hash: hashOf(messages), messages: counted, tokens }
}
