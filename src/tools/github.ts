import { randomUUID } from 'node:crypto'
import { Octokit } from 'octokit'
import { type Client, type SignedIn, silent } from './client.ts'
import { hasStatus } from './errors.ts'
import { fetchWithin } from './fetch.ts'
import { withApp } from './installation.ts'
import { keepQuiet } from './quiet.ts'
import { remember } from './remember.ts'

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
export interface Repo extends Client {
  owner: string
  repo: string
}

/** Finds the client for a repository: `acme/shop`. */
export interface Connect {
  (repository: string): Promise<Repo>
  /** The account whose name stands on what we write; null where GitHub does not say (a workflow's own token). */
  self(): Promise<string | null>
  /** The App's installation changed: it is looked for anew. */
  forget(): void
}

/** For requests that change something: sent to where they were meant, and not wherever that place points to. */
export const here = { redirect: 'manual' } as const

export const createConnect = (options: GitHubOptions): Connect => {
  const { auth, paceWrites = true } = options
  const Paced = clientOf(options)
  const Unpaced = Paced.defaults({ throttle: { enabled: false } })
  // Octokit would hold every query back with the writes, a second each. It signs in the same way, with the same token.
  const both = (octokit: Octokit): Client => ({
    octokit,
    graphql: paceWrites ? new Unpaced({ authStrategy: () => octokit.auth }).graphql : octokit.graphql,
  })
  const { clientFor, self, forget } =
    'token' in auth ? withToken(both(new Paced({ auth: auth.token }))) : withApp(Paced, auth, both)
  const connect = async (repository: string): Promise<Repo> => {
    const [owner = '', repo = ''] = repository.split('/')
    return { ...(await clientFor(owner, repo)), owner, repo }
  }
  return Object.assign(connect, { self: remembered(self), forget })
}

const withToken = (client: Client): SignedIn => ({
  clientFor: async () => client,
  self: async () => (await unlessForbidden(client.octokit.rest.users.getAuthenticated()))?.data.login ?? null,
  forget: () => {},
})

const unlessForbidden = async <T>(asked: Promise<T>): Promise<T | null> => {
  try {
    return await asked
  } catch (error) {
    if (hasStatus(error, 403)) return null
    throw error
  }
}

/** Asked until there is an answer, and then never again. */
const remembered = <T>(ask: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | null = null
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = null
      throw error
    })
    return answer
  }
}

/** An octokit that repeats nothing by itself. */
export const clientOf = ({
  apiUrl,
  requestTimeoutMs = 10_000,
  paceWrites = true,
}: Omit<GitHubOptions, 'auth'>): typeof Octokit =>
  Octokit.defaults({
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent: 'deploybot',
    log: silent,
    request: { log: silent, fetch: keepQuiet(remember(fetchWithin(requestTimeoutMs))) },
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
