import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandboxGitHub } from '../../../src/sandbox/github/server.ts'
import { startSandboxModel } from '../../../src/sandbox/model/server.ts'
import type { Post } from '../invariants.ts'
import { type Database, openView } from './database.ts'
import { type HttpProxy, type Passed, type Plan, startHttpProxy } from './http-proxy.ts'
import { type Replica, startReplica } from './replica.ts'
import { startTcpProxy } from './tcp-proxy.ts'
import { postsOf } from './view.ts'

export const GITHUB_SECRET = 'a-github-webhook-secret'
export const HUMAN_SECRET = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`

/** Enough for all threads that deploy at the same time: in one place they would go one after the other. */
export const SERVICES: readonly string[] = Array.from({ length: 120 }, (_, i) => `shop-${i}`)

// The end-to-end workflow runs and records no deployment: what is live stays as it is, and approvals do not void each other.
const RULES = `repository: acme/shop
services:
  backend: { workflow: e2e.yml }
${SERVICES.map((name) => `  ${name}: { workflow: e2e.yml }`).join('\n')}
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [local, lead, oncall], self_approval: true }
  double: { approvals: 2, approvers: [local, lead, oncall], self_approval: true }
  hasty: { approvals: 1, approvers: [local, lead, oncall], self_approval: true, expires_after: 2s }
people:
  local: {}
  lead: { email: lead@acme.test }
  oncall: { email: oncall@acme.test }
`

/** A shop that is released: its runs record what is live, and one release is under way at a time. */
export const RELEASE_RULES = `repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml }
environments:
  staging: { approvals: 0 }
  production: { approvals: 1, approvers: [local, lead, oncall], self_approval: true, after: staging }
people:
  local: {}
  lead: { email: lead@acme.test }
  oncall: { email: oncall@acme.test }
release:
  on: pull_request_merged
  steps: [deploy staging, e2e staging, agent deploy production, e2e production, on_failure agent rollback]
`

const FIXED = {
  GITHUB_TOKEN: 'campaign',
  GITHUB_WEBHOOK_SECRET: GITHUB_SECRET,
  GITHUB_PACE_WRITES: 'off',
  HUMAN_WEBHOOK_SECRET: HUMAN_SECRET,
  LLM_PROVIDER: 'openai-generic',
  LLM_MODEL: 'sandbox-planner',
  LLM_API_KEY: 'campaign',
}

export interface WorldOptions {
  /** How long runs take, in milliseconds. */
  pace?: { queued: number; running: number }
  /** deploybot.yaml; without: threads that are launched, and no releases. */
  rules?: string
  github?: (request: Passed) => Plan
  model?: (request: Passed) => Plan
}

type PlanOf = (request: Passed) => Plan

/** A database, a GitHub and a model of their own, which no kill of the service reaches, and the ways to hurt each. */
export const openWorld = async (database: Database, options: WorldOptions = {}) => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-world-'))
  await writeFile(join(directory, 'deploybot.yaml'), options.rules ?? RULES)
  const connection = await database.create()
  const tcp = await startTcpProxy(database.socketPath)
  const github = await startSandboxGitHub({ pace: options.pace ?? { queued: 20, running: 60 } })
  const model = await startSandboxModel()
  const gates: HttpProxy[] = []
  /** A way of its own to GitHub: what comes by there is known to come from whoever was sent there. */
  const openGate = async (plan: PlanOf = () => ({})): Promise<HttpProxy> => {
    const gate = await startHttpProxy(github.url, plan)
    gates.push(gate)
    return gate
  }
  const toGitHub = await openGate(options.github)
  const toModel = await startHttpProxy(model.url.replace(/\/v1$/, ''), options.model ?? (() => ({})))
  const mailbox = await startMailbox()
  const view = openView(connection)
  const replicas: Replica[] = []
  const environment = {
    ...FIXED,
    DATABASE_URL: `postgresql://postgres@127.0.0.1:${tcp.port}/${connection.database}`,
    DEPLOYBOT_DATA: directory,
    DEPLOYBOT_CONFIG: join(directory, 'deploybot.yaml'),
    GITHUB_API_URL: toGitHub.url,
    LLM_BASE_URL: `${toModel.url}/v1`,
  }
  return {
    tcp,
    view,
    github,
    mailbox,
    toGitHub,
    toModel,
    openGate,
    replicas: replicas as readonly Replica[],
    /** Every dispatch that came to GitHub, by whichever way. */
    posts: (): Post[] => gates.flatMap(({ passed }) => postsOf(passed)),
    start: async (more: Record<string, string> = {}): Promise<Replica> => {
      const replica = await startReplica({ ...environment, ...more })
      replicas.push(replica)
      return replica
    },
    /** Where GitHub sends its webhooks from now on. */
    tell: (replica: Replica): void =>
      github.setWebhook({ url: `${replica.state.url}/webhooks/github`, secret: GITHUB_SECRET }),
    control: async (method: 'POST' | 'PUT', path: string, body: object): Promise<unknown> => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(`${github.url}/_sandbox${path}`, { method, headers, body: JSON.stringify(body) })
      if (!answer.ok) throw new Error(`the sandbox refused ${path}: ${await answer.text()}`)
      return answer.json()
    },
    /** Ends every process, so that nothing moves any more. */
    freeze: async (): Promise<void> => {
      for (const replica of replicas) replica.kill()
      await Promise.all(replicas.map(({ ended }) => ended))
    },
    close: async (): Promise<void> => {
      for (const replica of replicas) replica.kill()
      await view.end()
      await Promise.all([tcp, toModel, github, model, mailbox, ...gates].map((part) => part.close()))
      await rm(directory, { recursive: true, force: true })
    },
  }
}

export type World = Awaited<ReturnType<typeof openWorld>>

/** Somebody who is told of questions and ends, and says thanks. */
const startMailbox = async () => {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}/`,
    close: async (): Promise<void> => {
      server.close()
      server.closeAllConnections()
    },
  }
}
