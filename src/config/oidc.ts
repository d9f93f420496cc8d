import type { Environment } from './environment.ts'
import type { GitHubConfig } from './github.ts'

const LOCAL = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(\/|$)/

/**
 * Who signs the tokens of GitHub Actions jobs: of the same GitHub whose workflows we start, or what is named. Null: nobody that is known
 * here. Without a GitHub the sandbox is its own.
 */
export const readOidcIssuer = (env: Environment, github: GitHubConfig | null): string | null => {
  const named = env.url('GITHUB_OIDC_ISSUER', ['http:', 'https:'])
  if (named?.startsWith('http:') && !LOCAL.test(named)) {
    return env.refuse('GITHUB_OIDC_ISSUER', 'must be a URL that begins with https:// (or leads to this machine)')
  }
  return named ?? (github && usualIssuer(github.apiUrl))
}

/** Never guessed from a name that merely looks alike: a token of another GitHub would open our doors. */
const usualIssuer = (apiUrl: string): string | null => {
  if (apiUrl === 'https://api.github.com') return 'https://token.actions.githubusercontent.com'
  const { protocol, origin, pathname } = new URL(apiUrl)
  return protocol === 'https:' && pathname === '/api/v3' ? `${origin}/_services/token` : null
}
