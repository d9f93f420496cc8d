import type { Environment } from './environment.ts'

export interface GitHubConfig {
  auth: { token: string } | { appId: string; privateKey: string }
  apiUrl: string
  /** GitHub asks for a second between writes; an Enterprise Server without rate limits does not. */
  paceWrites: boolean
  webhookSecret: string
}

/** Where GitHub's API is: of the Enterprise Server that is named, else of github.com. */
export const readGitHubApiUrl = (env: Environment): string =>
  env.url('GITHUB_API_URL', ['http:', 'https:']) ?? 'https://api.github.com'

/** Null: not configured, so the sandbox GitHub stands in. */
export const readGitHub = (env: Environment, apiUrl: string): GitHubConfig | null => {
  const auth = readAuth(env)
  const paceWrites = env.oneOf('GITHUB_PACE_WRITES', ['on', 'off'], 'on') === 'on'
  const webhookSecret = env.matching('GITHUB_WEBHOOK_SECRET', /^.{16,}$/s, 'at least 16 characters')
  if (auth === null) {
    // GITHUB_API_URL alone is no mistake: every GitHub Actions job has it.
    if (webhookSecret) env.refuse('GITHUB_WEBHOOK_SECRET', 'is set, but neither GITHUB_TOKEN nor GITHUB_APP_ID is')
    return null
  }
  if (webhookSecret === null) {
    return env.refuse(
      'GITHUB_WEBHOOK_SECRET',
      'is missing: without it a webhook could come from anybody (for the sandbox GitHub unset GITHUB_TOKEN)',
    )
  }
  return { auth, apiUrl, paceWrites, webhookSecret }
}

const readAuth = (env: Environment): GitHubConfig['auth'] | null => {
  const token = env.text('GITHUB_TOKEN')
  const appId = env.matching('GITHUB_APP_ID', /^\d+$/, "the App's number")
  const key = env.text('GITHUB_APP_PRIVATE_KEY')
  if (token !== null && appId !== null) return env.refuse('GITHUB_TOKEN', 'give a token or an App, not both')
  if (token !== null) return { token }
  if (appId === null && key === null) return null
  if (appId === null) return env.refuse('GITHUB_APP_ID', 'is missing beside GITHUB_APP_PRIVATE_KEY')
  if (key === null) return env.refuse('GITHUB_APP_PRIVATE_KEY', 'is missing beside GITHUB_APP_ID')
  // Keys in one line, as many hosts store them, have their line ends written out.
  const privateKey = key.replaceAll('\\n', '\n')
  if (!privateKey.includes('PRIVATE KEY')) return env.refuse('GITHUB_APP_PRIVATE_KEY', 'must be a PEM private key')
  return { appId, privateKey }
}
