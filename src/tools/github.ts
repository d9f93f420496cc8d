import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { App, Octokit } from 'octokit'
import { systemCodeOf } from './errors.ts'
import { keepQuiet } from './quiet.ts'

type GitHubAuth = { token: string } | { appId: string | number; privateKey: string }

export interface GitHubOptions {
  auth: GitHubAuth
  /** https://api.github.com, an Enterprise Server's …/api/v3, or the sandbox. */
  apiUrl: string
  /** For one HTTP request, from sending to the last byte. Default 10 s. */
  requestTimeoutMs?: number
  /** GitHub asks for a second between writes. Off only where nobody asks for it: the sandbox. */
  paceWrites?: boolean
}

/** One repository, and a client that may act on it. */
export interface Repo {
  octokit: Octokit
  owner: string
  repo: string
}

/** Finds the client for a repository: `acme/shop`. */
export type Connect = (repository: string) => Promise<Repo>

/** For requests that change something: sent to where they were meant, and not wherever that place points to. */
export const here = { redirect: 'manual' } as const

export const createConnect = (options: GitHubOptions): Connect => {
  const Client = clientOf(options)
  const { auth } = options
  const clientFor = 'token' in auth ? withToken(new Client({ auth: auth.token })) : withApp(Client, auth)
  return async (repository) => {
    const [owner = '', repo = ''] = repository.split('/')
    return { octokit: await clientFor(owner, repo), owner, repo }
  }
}

type ClientFor = (owner: string, repo: string) => Promise<Octokit>

const withToken =
  (octokit: Octokit): ClientFor =>
  async () =>
    octokit

/** An App acts through its installation in the repository. Octokit renews the installation's token within the hour. */
const withApp = (Client: typeof Octokit, auth: { appId: string | number; privateKey: string }): ClientFor => {
  const app = new App({ ...auth, Octokit: Client, log: silent })
  const found = new Map<string, Promise<Octokit>>()
  const find = async (owner: string, repo: string) => {
    const { data } = await app.octokit.request('GET /repos/{owner}/{repo}/installation', { owner, repo })
    return app.getInstallationOctokit(Number(data.id))
  }
  return (owner, repo) => {
    const key = `${owner}/${repo}`
    const client = found.get(key) ?? find(owner, repo)
    found.set(key, client)
    client.catch(() => found.delete(key)) // an App installed a minute later is found then
    return client
  }
}

const clientOf = ({ apiUrl, requestTimeoutMs = 10_000, paceWrites = true }: GitHubOptions): typeof Octokit =>
  Octokit.defaults({
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'deploybot',
    log: silent,
    request: { log: silent, fetch: keepQuiet(fetchWithin(requestTimeoutMs)) },
    // Octokit's own retries would send a dispatch four times. For readings they wait ever longer, as they keep their
    // count from one request to the next (1 s, then 9 s: seen with plugin-retry 8.1), and after a 429 they do not wait.
    retry: { enabled: false },
    throttle: {
      enabled: paceWrites,
      id: randomUUID(),
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
  })

/** The deadline starts when a request leaves: one that octokit holds back for a second must not time out unsent. */
const fetchWithin =
  (ms: number): typeof fetch =>
  (input, init) => {
    const send = async () => whole(await fetch(input, { ...init, signal: AbortSignal.timeout(ms) }))
    return init?.method === 'GET' ? askTwice(send) : send()
  }

/** Read to its last byte here: a body that breaks off would be an empty one to octokit, and no run in it means "none". */
const whole = async (response: Response): Promise<Response> => {
  if (response.body === null) return response
  const { status, statusText, headers, url } = response
  const copy = new Response(await response.arrayBuffer(), { status, statusText, headers })
  return Object.defineProperty(copy, 'url', { value: url })
}

/** A reading that fails may be asked for once more; one that hung has taken long enough. */
const askTwice = async (send: () => Promise<Response>): Promise<Response> => {
  const first = await send().catch((error: unknown) => {
    if (systemCodeOf(error) === 'TIMEOUT') throw error
  })
  if (first && first.status < 500) return first
  await sleep(500)
  return send()
}

const nothing = () => undefined
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
