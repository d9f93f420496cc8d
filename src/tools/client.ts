import type { Octokit } from 'octokit'

/** `graphql` only reads, so it is not paced like a write though it is sent by POST. */
export interface Client {
  octokit: Octokit
  graphql: Octokit['graphql']
}

/** How we are known to GitHub: by a token, or as an App. */
export interface SignedIn {
  clientFor(owner: string, repo: string): Promise<Client>
  /** The account whose name stands on what we write; null where GitHub does not say. */
  self(): Promise<string | null>
  /** Where we may act is looked up anew. */
  forget(): void
}

const nothing = () => undefined
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
