import type { Environment } from './environment.ts'

export interface SignInConfig {
  clientId: string
  clientSecret: string
  sessionSecret: string
}

/** Null: nobody signs in here, and pages need a token or local mode. */
export const readSignIn = (env: Environment): SignInConfig | null => {
  const clientId = env.text('GITHUB_CLIENT_ID')
  const clientSecret = env.text('GITHUB_CLIENT_SECRET')
  const sessionSecret = env.matching('SESSION_SECRET', /^.{32,}$/s, 'at least 32 characters')
  if (clientId === null && clientSecret === null) return null
  if (clientId === null) return env.refuse('GITHUB_CLIENT_ID', 'is missing beside GITHUB_CLIENT_SECRET')
  if (clientSecret === null) return env.refuse('GITHUB_CLIENT_SECRET', 'is missing beside GITHUB_CLIENT_ID')
  if (sessionSecret === null) return env.refuse('SESSION_SECRET', 'is missing: sessions are sealed with it')
  return { clientId, clientSecret, sessionSecret }
}
