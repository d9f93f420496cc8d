import { setLogLevel } from '@boundaryml/baml'
import type { Prompt } from '../agent/ports.ts'
import { inBlocks } from './blocks.ts'
import { type Cloud, vertexUrl } from './cloud.ts'
import { type Family, providerOf } from './providers.ts'
import { type BuildRequest, type HttpRequest, requestsOf, type Sources } from './requests.ts'

// By default a call that BAML makes itself prints the whole prompt and reply to stdout.
setLogLevel('off')

export interface ClientSettings {
  /** One of those in providers.ts. */
  provider: string
  model: string
  apiKey?: string
  /** Where the provider is, when not at its usual address; for OpenAI-compatible ones it ends in `/v1`. */
  baseUrl?: string
  /** Who we are where a key is not enough: at Bedrock and Vertex AI. */
  cloud?: Cloud
  /** The most tokens the model may write. Reasoning counts, so it is far more than a step needs. */
  maxTokens?: number
  /** Other prompts than those of this build: to try them, never to work with. */
  prompts?: Sources
}

export interface Client {
  family: Family
  /** The request that would ask for the next step. No network. */
  request(prompt: Prompt): Promise<HttpRequest>
}

/** Throws when the provider is not one that we can ask. */
export const createClient = (settings: ClientSettings): Client => {
  const { family } = providerOf(settings.provider)
  const build = builderOf(settings)
  return {
    family,
    async request(prompt) {
      const { agent, setup, thread } = prompt
      const request = await build(FUNCTIONS[agent], { setup, thread })
      return family === 'anthropic' ? { ...request, body: inBlocks(request.body, prompt) } : request
    },
  }
}

/** Each agent has a function of its own: its own words, and only its own tools. */
const FUNCTIONS = { deploy: 'DetermineNextStep', rollback: 'DetermineRollbackStep' } as const

const DEFAULT_MAX_TOKENS = 8_192

/** What builds requests for these settings. */
export const builderOf = (settings: ClientSettings): BuildRequest => {
  const { provider, model, maxTokens, prompts } = settings
  const { baml = provider, limit, options } = providerOf(provider)
  const values = { model, ...placeOf(settings) }
  return requestsOf(
    { provider: baml, values, options: { ...limit(maxTokens ?? DEFAULT_MAX_TOKENS), ...options } },
    prompts,
  )
}

/** Where it is, and the key to it, as BAML wants to hear that. Throws where it needs credentials and has none of that kind. */
const placeOf = ({ provider, apiKey, baseUrl, cloud }: ClientSettings): Record<string, string> => {
  const needs = providerOf(provider).cloud
  if (needs !== cloud?.kind) throw new Error(`${provider} takes ${needs ? `credentials of ${needs}` : 'a key'}`)
  switch (cloud?.kind) {
    case 'aws':
      return { region: cloud.region }
    case 'google':
      return { api_key: '', base_url: vertexUrl(cloud, baseUrl) }
    case undefined:
      // Left out, BAML takes OPENAI_API_KEY and its like from the environment and sends it to whatever address is set.
      return { api_key: apiKey ?? '', ...(baseUrl === undefined ? {} : { base_url: baseUrl }) }
  }
}
