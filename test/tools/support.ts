import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { DispatchOrder } from '../../src/agent/ports.ts'
import type { Target } from '../../src/thread/target.ts'
import { createGitHubTools, type GitHubToolsOptions } from '../../src/tools/tools.ts'
import { open as openSandbox } from '../sandbox/github/support.ts'

const rules = { approvals: 0, approvers: [], self_approval: true, after: null, expires_after_seconds: 3600 }
const policy = {
  repository: 'acme/shop',
  services: {
    backend: { workflow: 'deploy-backend.yml', ref: 'main' },
    frontend: { workflow: 'deploy-frontend.yml', ref: 'main' },
  },
  environments: { staging: rules, production: { ...rules, after: 'staging' } },
}

export const v122 = 'bb2b0d8bcf297dedb9b61109011fd4e52a0ebbf4'
export const v123 = '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582'

export const target: Target = {
  intent: 'deploy_backend',
  repository: 'acme/shop',
  workflow: 'deploy-backend.yml',
  ref: 'main',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  after: 'staging',
}

export const order: DispatchOrder = {
  dispatch_id: '0199-d1',
  repository: 'acme/shop',
  workflow: 'deploy-backend.yml',
  ref: 'main',
  service: 'backend',
  environment: 'production',
  tag: 'v1.2.3',
  sha: v123,
}

export const token = 'ghp_a_token_that_nobody_may_read'

export const toolsOf = (apiUrl: string, options: Partial<GitHubToolsOptions> = {}) =>
  createGitHubTools({ auth: { token }, apiUrl, policy, paceWrites: false, ...options })

/** The tools on a sandbox of their own. */
export const open = async (
  options: Partial<GitHubToolsOptions> = {},
  sandboxOptions: Parameters<typeof openSandbox>[0] = {},
  finished?: Parameters<typeof openSandbox>[1],
) => {
  const opened = await openSandbox(sandboxOptions, finished)
  const requests = () => opened.control<{ method: string; path: string; status: number }[]>('GET', '/requests')
  const posts = async () => (await requests()).filter(({ path }) => path.endsWith('/dispatches')).length
  const runs = async () =>
    (await opened.octokit.rest.actions.listWorkflowRunsForRepo({ owner: 'acme', repo: 'shop' })).data
  return { ...opened, tools: toolsOf(opened.sandbox.url, options), requests, posts, runs }
}

/** A place where nobody listens: a port that was free a moment ago. */
export const nowhere = async (): Promise<string> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${port}`
}
