import type { Environment } from './environment.ts'

export interface HumanLayerConfig {
  apiBase: string
  apiKey: string
}

/** A service that asks people for us, by the HumanLayer API. Null: there is none. */
export const readHumanLayer = (env: Environment, production: boolean): HumanLayerConfig | null => {
  const apiBase = env.url('HUMANLAYER_API_BASE', production ? ['https:'] : ['https:', 'http:'])
  const apiKey = env.matching('HUMANLAYER_API_KEY', /^[\x21-\x7e]{8,500}$/, '8 to 500 printable characters')
  const setBase = env.text('HUMANLAYER_API_BASE') !== null
  const setKey = env.text('HUMANLAYER_API_KEY') !== null
  if (setKey && !setBase) env.refuse('HUMANLAYER_API_BASE', 'is missing beside HUMANLAYER_API_KEY')
  if (setBase && !setKey) env.refuse('HUMANLAYER_API_KEY', 'is missing beside HUMANLAYER_API_BASE')
  // What people answer comes in as a webhook: without its secret they would be asked for nothing.
  if (setKey && env.text('HUMAN_WEBHOOK_SECRET') === null) {
    env.refuse('HUMAN_WEBHOOK_SECRET', 'is missing beside HUMANLAYER_API_KEY: answers come in by it')
  }
  return apiBase === null || apiKey === null ? null : { apiBase, apiKey }
}
