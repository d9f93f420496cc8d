import { App, type Octokit } from 'octokit'
import { type Client, type SignedIn, silent } from './client.ts'
import { hasStatus } from './errors.ts'

interface AppAuth {
  appId: string | number
  privateKey: string
}

/** An App acts through its installation in the repository. Octokit renews the installation's token within the hour. */
export const withApp = (Paced: typeof Octokit, auth: AppAuth, both: (octokit: Octokit) => Client): SignedIn => {
  const app = new App({ ...auth, Octokit: Paced, log: silent })
  const found = new Map<string, Promise<Client>>()
  const find = async (owner: string, repo: string): Promise<Client> => {
    const { data } = await app.octokit.request('GET /repos/{owner}/{repo}/installation', { owner, repo })
    const octokit = await app.getInstallationOctokit(Number(data.id))
    octokit.hook.error('request', (error) => signedOut(octokit, error, () => found.delete(`${owner}/${repo}`)))
    return both(octokit)
  }
  const clientFor = (owner: string, repo: string): Promise<Client> => {
    const key = `${owner}/${repo}`
    const client = found.get(key) ?? find(owner, repo)
    found.set(key, client)
    client.catch(() => found.delete(key)) // an App installed a minute later is found then
    return client
  }
  const self = async () => {
    const { data } = await app.octokit.rest.apps.getAuthenticated()
    return data?.slug ? `${data.slug}[bot]` : null
  }
  return { clientFor, self, forget: () => found.clear() }
}

const TOKENS = /\/app\/installations\/\d+\/access_tokens$/

/** A token that GitHub no longer takes may be one of an installation that is gone: asking for another one tells. Then it is looked up anew. */
const signedOut = async (octokit: Octokit, error: unknown, forget: () => void): Promise<never> => {
  if (hasStatus(error, 401) && !TOKENS.test(error.request.url)) {
    await octokit.auth({ type: 'installation', refresh: true }).catch((refused: unknown) => {
      forget()
      throw refused
    })
  }
  if (hasStatus(error, 403, 404) && TOKENS.test(error.request.url)) forget()
  throw error
}
