import { createEmulator } from 'emulate'
import { Octokit } from 'octokit'
import { onTestFinished } from 'vitest'
import { createGitHubTools, type GitHubToolsOptions } from '../../src/tools/tools.ts'

export const at = { owner: 'acme', repo: 'shop' }
const TOKEN = 'a-token'
const APP = 12_345
const permissions = { contents: 'read', pull_requests: 'read', members: 'read' }
const rules = { approvals: 0, approvers: [], self_approval: true, after: null, expires_after_seconds: 3600 }
const policy = {
  repository: 'acme/shop',
  services: { backend: { workflow: 'deploy.yml', ref: 'main' } },
  environments: { staging: rules },
}

const seed = {
  tokens: { [TOKEN]: { login: 'maya', scopes: ['repo', 'admin:org'] } },
  github: {
    users: [{ login: 'maya', name: 'Maya' }, { login: 'tom' }],
    orgs: [{ login: 'acme', members: [{ login: 'maya', role: 'admin' }] }],
    repos: [{ owner: 'acme', name: 'shop' }],
    apps: [
      {
        app_id: APP,
        slug: 'deploybot',
        name: 'Deploybot',
        permissions,
        installations: [{ installation_id: 100, account: 'acme', permissions }],
      },
    ],
  },
}

/** Somebody else's GitHub on loopback, our tools on it, and a client for what a test prepares. It ends with the test. */
export const open = async () => {
  const emulator = await createEmulator({ service: 'github', port: 0, seed })
  onTestFinished(() => emulator.close())
  const quiet = { retry: { enabled: false }, throttle: { enabled: false } }
  const octokit = new Octokit({ baseUrl: emulator.url, auth: TOKEN, ...quiet })
  const toolsAs = (auth: GitHubToolsOptions['auth']) =>
    createGitHubTools({ auth, apiUrl: emulator.url, policy, paceWrites: false })
  const privateKey = emulator.generatedSecrets.find(({ id }) => id === String(APP))?.value ?? ''

  /** A commit of one file on top of another one. */
  const commit = async (message: string, parent: string): Promise<string> => {
    const { data: before } = await octokit.rest.git.getCommit({ ...at, commit_sha: parent })
    const file = { path: `${message}.txt`, mode: '100644', type: 'blob', content: message } as const
    const { data: tree } = await octokit.rest.git.createTree({ ...at, base_tree: before.tree.sha, tree: [file] })
    const { data } = await octokit.rest.git.createCommit({ ...at, message, tree: tree.sha, parents: [parent] })
    return data.sha
  }
  const head = async (): Promise<string> =>
    (await octokit.rest.git.getRef({ ...at, ref: 'heads/main' })).data.object.sha

  /** Three commits on main: the second is v1.0.0, a light tag; the third is v1.1.0, an annotated one. */
  const history = async () => {
    const first = await head()
    const second = await commit('one', first)
    const third = await commit('two', second)
    await octokit.rest.git.updateRef({ ...at, ref: 'heads/main', sha: third })
    await octokit.rest.git.createRef({ ...at, ref: 'refs/tags/v1.0.0', sha: second })
    const note = { tag: 'v1.1.0', message: 'Release 1.1.0', object: third, type: 'commit' } as const
    const { data: annotated } = await octokit.rest.git.createTag({ ...at, ...note })
    await octokit.rest.git.createRef({ ...at, ref: 'refs/tags/v1.1.0', sha: annotated.sha })
    return { first, second, third, annotated: annotated.sha }
  }
  return {
    octokit,
    commit,
    head,
    history,
    tools: toolsAs({ token: TOKEN }),
    app: toolsAs({ appId: APP, privateKey }),
    stranger: toolsAs({ appId: APP + 1, privateKey }),
  }
}
