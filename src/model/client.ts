import { ClientRegistry, type HTTPRequest, setLogLevel } from '@boundaryml/baml'
import { b } from '#baml'
import type { Prompt } from '../agent/ports.ts'
import { inBlocks } from './blocks.ts'
import { type Cloud, vertexUrl } from './cloud.ts'
import type { BuildRequest } from './prompts.ts'
import { type Family, providerOf } from './providers.ts'

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
  prompts?: BuildRequest
}

export interface HttpRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: string
}

export interface Client {
  family: Family
  /** The request that would ask for the next step. No network. */
  request(prompt: Prompt): Promise<HttpRequest>
}

/** Throws when the provider is not one that we can ask. */
export const createClient = (settings: ClientSettings): Client => {
  const { family } = providerOf(settings.provider)
  const clientRegistry = registryOf(settings)
  const { prompts = build } = settings
  return {
    family,
    async request(prompt) {
      const request = httpRequestOf(await prompts(prompt, clientRegistry))
      return family === 'anthropic' ? { ...request, body: inBlocks(request.body, prompt) } : request
    },
  }
}

/** Each agent has a function of its own: its own words, and only its own tools. */
const build: BuildRequest = ({ agent, setup, thread }, clientRegistry) => {
  switch (agent) {
    case 'deploy':
      return b.request.DetermineNextStep(setup, thread, { clientRegistry })
    case 'rollback':
      return b.request.DetermineRollbackStep(setup, thread, { clientRegistry })
  }
}

const DEFAULT_MAX_TOKENS = 8_192

/** A client of BAML's for these settings. */
export const registryOf = (settings: ClientSettings): ClientRegistry => {
  const { provider, model, maxTokens } = settings
  const { baml = provider, limit, options } = providerOf(provider)
  const registry = new ClientRegistry()
  registry.addLlmClient('Configured', baml, {
    model,
    ...placeOf(settings),
    ...limit(maxTokens ?? DEFAULT_MAX_TOKENS),
    ...options,
  })
  registry.setPrimary('Configured')
  return registry
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

/** What BAML would send, for us to send. */
export const httpRequestOf = ({ url, method, headers, body }: HTTPRequest): HttpRequest => ({
  url,
  method,
  headers: cleanHeaders(headers),
  body: body.text(),
})

/** Without BAML's notes to itself and without the header of a key that is not set. */
const cleanHeaders = (headers: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name, String(value).trim()] as const)
      .filter(([name, value]) => !name.startsWith('baml-') && value !== '' && value !== 'Bearer'),
  )
