import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { Ask, Hosts, Live, Prompt, Tools, Usage } from './agent/ports.ts'
import type { ModelConfig } from './config/model.ts'
import type { Config } from './config.ts'
import { inTurn } from './model/chain.ts'
import { createJudge, impatient } from './model/judge.ts'
import { withinDay, withinMinute } from './model/limits.ts'
import { createModel, settingsOf } from './model/model.ts'
import { startSandboxGitHub } from './sandbox/github/server.ts'
import { startSandboxModel } from './sandbox/model/server.ts'
import { repositoriesOf } from './thread/repositories.ts'
import { createCollaboration } from './tools/collaboration.ts'
import { createConnect } from './tools/github.ts'
import { createGitHubTools, type GitHubToolsOptions } from './tools/tools.ts'

export type Cleanup = () => Promise<unknown>

/** What no environment variable sets. */
export interface SandboxOptions {
  pace?: { queued: number; running: number }
  /** What the sandbox GitHub signs with; otherwise a secret of this start. */
  sandboxSecret?: string
}

/** The GitHub that is configured, else the sandbox; `listening` tells it where webhooks go. */
export const connectGitHub = async (
  config: Config,
  { pace, sandboxSecret }: SandboxOptions,
  hosts: Hosts,
  cleanups: Cleanup[],
) => {
  const { policy, github, http, dataDir, oidcIssuer } = config
  if (github) {
    const { auth, apiUrl, paceWrites } = github
    const description = `${github.apiUrl}, ${repositoriesOf(policy).join(', ')}`
    const adapters = gitHubAdapters({ auth, apiUrl, paceWrites, policy, hosts }, github.webhookSecret)
    return { ...adapters, description, oidcIssuer, sandboxUrl: null, listening: () => {} }
  }
  const stateFile = join(dataDir, 'sandbox-github.json')
  // A port of its own beside ours, so that links of yesterday's runs still open.
  const port = http.port === 0 ? 0 : http.port + 1
  const sandbox = await startSandboxGitHub({ port, stateFile, ...(pace ? { pace } : {}) })
  cleanups.push(sandbox.close)
  const secret = sandboxSecret ?? randomBytes(32).toString('hex')
  const auth = { token: 'sandbox' }
  const adapters = gitHubAdapters({ auth, apiUrl: sandbox.url, policy, hosts, paceWrites: false }, secret)
  const listening = (url: string): void => sandbox.setWebhook({ url: `${url}/webhooks/github`, secret })
  const { description, url: sandboxUrl } = sandbox
  return { ...adapters, description, sandboxUrl, oidcIssuer: oidcIssuer ?? sandbox.url, listening }
}

/** All that acts on GitHub, over one client: what GitHub tells one of them to wait for, all of them wait for. */
const gitHubAdapters = (options: GitHubToolsOptions, githubWebhookSecret: string) => {
  const connect = createConnect(options)
  const people = createCollaboration(options, connect)
  const edge = { githubWebhookSecret, members: people, conversation: people, forgetInstallations: connect.forget }
  const tools = createGitHubTools(options, connect)
  return { tools, people, edge, live: whatIsLiveBy(tools) }
}

/** Everywhere, as the model's own tool tells it. */
const whatIsLiveBy =
  ({ read }: Pick<Tools, 'read'>): Live['live'] =>
  async () => {
    const { data, intent } = await read({ intent: 'check_deployment_status', service: null, environment: null })
    return intent === 'check_deployment_status' ? data.live : []
  }

/** The model that is configured, with what stands in for it, else the sandbox's planner; all of it within the team's limits. */
export const connectModel = async (config: Config, hosts: Hosts, usage: Usage, cleanups: Cleanup[]) => {
  const { model, fallback, policy } = config
  const limits = policy.model ?? {}
  const sandbox = model ? null : await startSandboxModel()
  if (sandbox) cleanups.push(sandbox.close)
  const asked: ModelConfig = model ?? { ...PLANNER, baseUrl: sandbox?.url ?? null }
  const settings = (one: ModelConfig) => ({ ...settingsOf(one, limits), hosts })
  /** Whatever a model is asked for counts in the same limits, and another model stands in for all of it. */
  const limited = <Q extends Prompt, T>(askOf: (one: ModelConfig) => Ask<Q, T>): Ask<Q, T> => {
    const ask = (one: ModelConfig) => withinMinute(askOf(one), `${one.provider}/${one.model}`, limits, usage)
    return withinDay(inTurn([ask(asked), ...(fallback ? [ask(fallback)] : [])]), asked.model, limits.daily_limit, usage)
  }
  const { preview } = createModel(settings(asked))
  const next = limited((one) => createModel(settings(one)).next)
  const judge = policy.judge ? { judge: { doubt: impatient(limited((one) => createJudge(settings(one)).doubt)) } } : {}
  const stands = fallback ? `; if it does not answer, ${fallback.provider}, ${fallback.model}` : ''
  const description = sandbox?.description ?? `${asked.provider}, ${asked.model}${stands}`
  const sandboxUrl = sandbox?.url.replace(/\/v1$/, '') ?? null
  return { asks: { model: { next, preview }, ...judge }, description, asked, sandboxUrl }
}

const PLANNER = { provider: 'openai-generic', model: 'sandbox-planner', apiKey: 'sandbox' } as const
