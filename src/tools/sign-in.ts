import type { Account, SignIn } from '../agent/ports.ts'
import { ToolError } from '../agent/ports.ts'
import { toToolError } from './errors.ts'
import { clientOf } from './github.ts'

export interface SignInOptions {
  /** GitHub's pages, and its API. */
  web: string
  apiUrl: string
  clientId: string
  clientSecret: string
}

const DEADLINE_MS = 10_000

/** GitHub's web application flow. It asks for no scope: who somebody is may be known without any, and the token is dropped at once. */
export const createSignIn = ({ web, apiUrl, clientId, clientSecret }: SignInOptions): SignIn => ({
  begin: ({ back, state, challenge }) => {
    const query = { client_id: clientId, redirect_uri: back, state, code_challenge: challenge }
    // Whoever has several accounts is asked which; else the browser would sign in the one that is used for something else.
    const how = { code_challenge_method: 'S256', prompt: 'select_account', allow_signup: 'false' }
    return `${web}/login/oauth/authorize?${new URLSearchParams({ ...query, ...how })}`
  },
  end: async ({ code, verifier, back }) => {
    const proof = {
      client_id: clientId,
      client_secret: clientSecret,
      code,
      redirect_uri: back,
      code_verifier: verifier,
    }
    const token = await tokenFor(`${web}/login/oauth/access_token`, proof)
    return token === null ? null : accountOf(token, apiUrl)
  },
})

const tokenFor = async (url: string, proof: Record<string, string>): Promise<string | null> => {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { accept: 'application/json' },
      body: new URLSearchParams(proof),
      signal: AbortSignal.timeout(DEADLINE_MS),
      redirect: 'error',
    })
    if (!answer.ok) throw new ToolError('github_unavailable', `GitHub answered ${answer.status} to a sign-in`)
    // GitHub says what is wrong with a code in an answer of 200.
    const { access_token } = (await answer.json()) as { access_token?: unknown }
    return typeof access_token === 'string' ? access_token : null
  } catch (error) {
    if (error instanceof ToolError) throw error
    throw new ToolError('github_unavailable', 'GitHub did not answer to a sign-in')
  }
}

const accountOf = async (token: string, apiUrl: string): Promise<Account> => {
  const Client = clientOf({ apiUrl, paceWrites: false })
  try {
    const { data } = await new Client({ auth: token }).request('GET /user')
    return { id: Number(data.id), login: data.login }
  } catch (error) {
    throw toToolError(error)
  }
}
