import type { Octokit } from 'octokit'

/** `graphql` only reads, so it is not paced like a write though it is sent by POST. */
export interface Client {
  octokit: Octokit
  graphql: Octokit['graphql']
}

export type ClientFor = (owner: string, repo: string) => Promise<Client>

const nothing = () => undefined
export const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing }
