import type { ModelConfig } from '../config/model.ts'
import { ConfigError, readConfig } from '../config.ts'
import { createModel, settingsOf } from '../model/model.ts'
import { startSandboxModel } from '../sandbox/model/server.ts'
import type { Policy } from '../thread/policy.ts'
import { renderPrompt } from '../thread/prompt.ts'
import { promptOf, tell } from './model-check/tell.ts'

// npm run model:check: asks each model that is configured for one step, of which nothing comes.
const print = (line: string): void => void process.stdout.write(`${line}\n`)

const check = async (one: ModelConfig, policy: Policy, prefix: string): Promise<boolean> => {
  const { setup } = renderPrompt([], policy)
  const prompt = promptOf(setup, Object.keys(policy.services)[0] ?? '', Object.keys(policy.environments)[0] ?? '')
  print(`${one.provider}, ${one.model}${one.baseUrl === null ? '' : `, ${one.baseUrl}`}`)
  const { lines, works } = await tell(createModel(settingsOf(one, policy.model)), prompt, prefix)
  for (const line of lines) print(line)
  return works
}

const run = async (): Promise<boolean> => {
  const { model, fallback, policy } = readConfig()
  if (model) {
    const works = await check(model, policy, 'LLM_')
    return fallback ? (await check(fallback, policy, 'LLM_FALLBACK_')) && works : works
  }
  print('no model is configured (LLM_PROVIDER): this is the sandbox, by rules')
  const sandbox = await startSandboxModel()
  try {
    const asked = {
      provider: 'openai-generic',
      model: 'sandbox-planner',
      apiKey: 'sandbox',
      baseUrl: sandbox.url,
    } as const
    return await check(asked, policy, 'LLM_')
  } finally {
    await sandbox.close()
  }
}

try {
  process.exitCode = (await run()) ? 0 : 1
} catch (error) {
  process.stderr.write(`${error instanceof ConfigError ? error.problems.join('\n') : error}\n`)
  process.exitCode = 1
}
