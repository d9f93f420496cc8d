import type { Policy } from '../thread/policy.ts'
import { type Cloud, readCloud } from './cloud.ts'
import type { Environment } from './environment.ts'

export const PROVIDERS = [
  'openai',
  'openai-responses',
  'openai-generic',
  'anthropic',
  'google-ai',
  'azure-openai',
  'openrouter',
  'ollama',
  'aws-bedrock',
  'vertex-ai',
] as const
export type Provider = (typeof PROVIDERS)[number]

export interface ModelConfig {
  provider: Provider
  model: string
  apiKey: string | null
  baseUrl: string | null
  /** In place of a key. */
  cloud?: Cloud | null
}

// Where each provider's own tools look for the key.
const USUAL_KEY: Partial<Record<Provider, string>> = {
  openai: 'OPENAI_API_KEY',
  'openai-responses': 'OPENAI_API_KEY',
  openrouter: 'OPENROUTER_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  'google-ai': 'GOOGLE_API_KEY',
  'azure-openai': 'AZURE_OPENAI_API_KEY',
}
const NEEDS_KEY: Provider[] = ['openai', 'openai-responses', 'anthropic', 'google-ai', 'azure-openai', 'openrouter']
const NEEDS_URL: Provider[] = ['openai-generic', 'azure-openai']

/** Null: not configured, so the sandbox planner stands in. */
export const readModel = (env: Environment): ModelConfig | null => readOne(env, 'LLM_')

/** Who is asked where the first does not answer. Null: nobody. */
export const readFallback = (env: Environment, model: ModelConfig | null): ModelConfig | null => {
  const fallback = readOne(env, 'LLM_FALLBACK_')
  if (fallback && !model) return env.refuse('LLM_FALLBACK_PROVIDER', 'is set, but LLM_PROVIDER is not')
  return fallback
}

type Prefix = 'LLM_' | 'LLM_FALLBACK_'

const readOne = (env: Environment, prefix: Prefix): ModelConfig | null => {
  const named = (what: string): string => `${prefix}${what}`
  if (env.text(named('PROVIDER')) === null) {
    for (const name of ['MODEL', 'API_KEY', 'BASE_URL'].map(named)) {
      if (env.text(name) !== null)
        env.refuse(name, `is set, but ${named('PROVIDER')} is not; it is one of: ${PROVIDERS.join(', ')}`)
    }
    return null
  }
  const provider = env.oneOf(named('PROVIDER'), PROVIDERS, 'openai')
  const usual = USUAL_KEY[provider]
  const model = env.text(named('MODEL'))
  const apiKey = env.text(named('API_KEY')) ?? (usual ? env.text(usual) : null)
  const baseUrl = env.url(named('BASE_URL'), ['http:', 'https:'])
  if (apiKey === null && NEEDS_KEY.includes(provider)) {
    env.refuse(named('API_KEY'), `is missing for ${provider}${usual ? ` (${usual} will do)` : ''}`)
  }
  if (baseUrl === null && NEEDS_URL.includes(provider)) env.refuse(named('BASE_URL'), `is missing for ${provider}`)
  const cloud = readCloud(env, provider)
  if (cloud !== undefined && apiKey !== null) {
    env.refuse(named('API_KEY'), `is not read for ${provider}, which has credentials of its own`)
  }
  if (model === null) return env.refuse(named('MODEL'), `is missing for ${provider}`)
  return { provider, model, apiKey, baseUrl, ...(cloud === undefined ? {} : { cloud }) }
}

/** A day's money cannot be kept to where nobody knows what a call costs. */
export const refuseUnpriced = (env: Environment, models: (ModelConfig | null)[], policy: Policy | null): void => {
  const { daily_limit, prices = {} } = policy?.model ?? {}
  if (daily_limit === undefined) return
  for (const one of models) {
    if (one && !Object.hasOwn(prices, one.model)) {
      env.refuse('DEPLOYBOT_CONFIG', `model.daily_limit needs model.prices of ${one.model}, which LLM_* names`)
    }
  }
}
