/** How a provider's answer is built; see replies.ts. */
export type Family = 'chat' | 'responses' | 'anthropic' | 'google'

interface Provider {
  family: Family
  /** How this provider wants to hear the most tokens that it may write. */
  limit: (tokens: number) => Record<string, unknown>
  /** What BAML needs to be told beside model, key and address. */
  options?: Record<string, unknown>
}

const maxTokens = (tokens: number) => ({ max_tokens: tokens })
// OpenAI's reasoning models refuse max_tokens.
const maxCompletionTokens = (tokens: number) => ({ max_completion_tokens: tokens })

/** The providers that BAML knows and that a request can be built for without asking the network first. */
const PROVIDERS = {
  openai: { family: 'chat', limit: maxCompletionTokens },
  'openai-generic': { family: 'chat', limit: maxTokens },
  'openai-responses': { family: 'responses', limit: (tokens) => ({ max_output_tokens: tokens }) },
  'azure-openai': { family: 'chat', limit: maxCompletionTokens, options: { api_version: '2024-10-21' } },
  openrouter: { family: 'chat', limit: maxTokens },
  ollama: { family: 'chat', limit: maxTokens },
  anthropic: { family: 'anthropic', limit: maxTokens, options: { allowed_role_metadata: ['cache_control'] } },
  'google-ai': { family: 'google', limit: (tokens) => ({ generationConfig: { maxOutputTokens: tokens } }) },
} satisfies Record<string, Provider>

/** Refuses, with what to do instead, a provider that this path cannot serve. */
export const providerOf = (name: string): Provider => {
  const provider = Object.entries(PROVIDERS).find(([known]) => known === name)?.[1]
  if (provider) return provider
  // These two sign their requests inside BAML's own call, past the guards on what comes back.
  const signs = name === 'aws-bedrock' || name === 'vertex-ai'
  const hint = signs ? `use openai-generic with the OpenAI-compatible address that ${name} offers, or` : 'use'
  throw new Error(`unknown model provider ${JSON.stringify(name)}: ${hint} one of ${Object.keys(PROVIDERS).join(', ')}`)
}
