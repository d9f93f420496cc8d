import type { Cloud } from './cloud.ts'

/** How a provider's answer is built; see replies.ts. */
export type Family = 'chat' | 'responses' | 'anthropic' | 'google' | 'converse'

interface Provider {
  family: Family
  /** Which of BAML's builds its requests, where not that of its own name. */
  baml?: string
  /** Whose credentials it needs in place of a key. */
  cloud?: Cloud['kind']
  /** How this provider wants to hear the most tokens that it may write. */
  limit: (tokens: number) => Record<string, unknown>
  /** What BAML needs to be told beside model, key and address. */
  options?: Record<string, unknown>
}

const maxTokens = (tokens: number) => ({ max_tokens: tokens })
// OpenAI's reasoning models refuse max_tokens.
const maxCompletionTokens = (tokens: number) => ({ max_completion_tokens: tokens })

const maxOutputTokens = (tokens: number) => ({ generationConfig: { maxOutputTokens: tokens } })

/** The providers that BAML builds a request for without asking the network first. */
const PROVIDERS = {
  openai: { family: 'chat', limit: maxCompletionTokens },
  'openai-generic': { family: 'chat', limit: maxTokens },
  'openai-responses': { family: 'responses', limit: (tokens) => ({ max_output_tokens: tokens }) },
  'azure-openai': { family: 'chat', limit: maxCompletionTokens, options: { api_version: '2024-10-21' } },
  openrouter: { family: 'chat', limit: maxTokens },
  ollama: { family: 'chat', limit: maxTokens },
  anthropic: { family: 'anthropic', limit: maxTokens, options: { allowed_role_metadata: ['cache_control'] } },
  'google-ai': { family: 'google', limit: maxOutputTokens },
  // BAML's own vertex-ai fetches a token while it builds a request, with no deadline; the Gemini API takes the same body.
  'vertex-ai': { family: 'google', baml: 'google-ai', cloud: 'google', limit: maxOutputTokens },
  'aws-bedrock': {
    family: 'converse',
    cloud: 'aws',
    limit: (tokens) => ({ inference_configuration: { max_tokens: tokens } }),
  },
} satisfies Record<string, Provider>

/** Refuses, with what to do instead, a provider that this path cannot serve. */
export const providerOf = (name: string): Provider => {
  const provider = Object.entries(PROVIDERS).find(([known]) => known === name)?.[1]
  if (provider) return provider
  throw new Error(`unknown model provider ${JSON.stringify(name)}: use one of ${Object.keys(PROVIDERS).join(', ')}`)
}
