import type { ModelConfig } from './config/model.ts'
import type { Config } from './config.ts'
import type { Cleanup } from './connect.ts'
import { createModel, settingsOf } from './model/model.ts'
import type { Sources } from './model/requests.ts'
import { startSandboxModel } from './sandbox/model/server.ts'

type Asked = Omit<ModelConfig, 'provider'> & { provider: string }

/** The one model that is to be tried, or the sandbox's planner: nothing stands in for it, or what is measured would be another one. */
export const connectTried = async (
  { model }: Pick<Config, 'model'>,
  cleanups: Cleanup[],
  tried: { prompts?: Sources } = {},
) => {
  const sandbox = model ? null : await startSandboxModel()
  if (sandbox) cleanups.push(sandbox.close)
  const asked: Asked = model ?? { ...PLANNER, baseUrl: sandbox?.url ?? null }
  const description = sandbox?.description ?? `${asked.provider}, ${asked.model}`
  return { model: createModel({ ...settingsOf(asked), ...tried }), asked, description }
}

const PLANNER = { provider: 'openai-generic', model: 'sandbox-planner', apiKey: 'sandbox' }
