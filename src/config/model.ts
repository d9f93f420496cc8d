import type { Environment } from './environment.ts'

export const PROVIDERS = ['openai', 'openai-generic', 'anthropic', 'google-ai', 'azure-openai', 'ollama'] as const
export type Provider = (typeof PROVIDERS)[number]

export interface ModelConfig {
  provider: Provider
  model: string
  apiKey: string | null
  baseUrl: string | null
}

// Where each provider's own tools look for the key.
const USUAL_KEY: Partial<Record<Provider, string>> = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  'google-ai': 'GOOGLE_API_KEY',
  'azure-openai': 'AZURE_OPENAI_API_KEY',
}
const NEEDS_KEY: Provider[] = ['openai', 'anthropic', 'google-ai', 'azure-openai']
const NEEDS_URL: Provider[] = ['openai-generic', 'azure-openai']

/** Null: not configured, so the sandbox planner stands in. */
export const readModel = (env: Environment): ModelConfig | null => {
  if (env.text('LLM_PROVIDER') === null) {
    for (const name of ['LLM_MODEL', 'LLM_API_KEY', 'LLM_BASE_URL']) {
      if (env.text(name) !== null)
        env.refuse(name, `is set, but LLM_PROVIDER is not; it is one of: ${PROVIDERS.join(', ')}`)
    }
    return null
  }
  const provider = env.oneOf('LLM_PROVIDER', PROVIDERS, 'openai')
  const usual = USUAL_KEY[provider]
  const model = env.text('LLM_MODEL')
  const apiKey = env.text('LLM_API_KEY') ?? (usual ? env.text(usual) : null)
  const baseUrl = env.url('LLM_BASE_URL', ['http:', 'https:'])
  if (apiKey === null && NEEDS_KEY.includes(provider)) {
    env.refuse('LLM_API_KEY', `is missing for ${provider}${usual ? ` (${usual} will do)` : ''}`)
  }
  if (baseUrl === null && NEEDS_URL.includes(provider)) env.refuse('LLM_BASE_URL', `is missing for ${provider}`)
  if (model === null) return env.refuse('LLM_MODEL', `is missing for ${provider}`)
  return { provider, model, apiKey, baseUrl }
}
