import { importPKCS8, SignJWT } from 'jose'
import type { GoogleCloud } from './cloud.ts'
import { count, dig, text } from './dig.ts'
import { ModelError } from './errors.ts'
import { type SendOptions, send } from './transport.ts'

const SCOPE = 'https://www.googleapis.com/auth/cloud-platform'
const GRANT = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
// A call that begins with a token must end with it.
const SPARE_MS = 2 * 60_000
const LONGEST_MS = 10_000

interface Token {
  value: string
  until: number
}

const tokens = new WeakMap<GoogleCloud, Token>()

/** A token for this service account: the one that it has, or a new one for an assertion that is signed with its key. */
export const accessToken = async (account: GoogleCloud, options: SendOptions): Promise<string> => {
  const known = tokens.get(account)
  if (known && Date.now() < known.until) return known.value
  const token = await fetchToken(account, options)
  tokens.set(account, token)
  return token.value
}

const fetchToken = async (account: GoogleCloud, options: SendOptions): Promise<Token> => {
  const { tokenUrl } = account
  const body = new URLSearchParams({ grant_type: GRANT, assertion: await assertion(account) }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const timeoutMs = Math.min(LONGEST_MS, options.timeoutMs)
  const answer = await send({ url: tokenUrl, method: 'POST', headers, body }, { ...options, timeoutMs }).catch(refused)
  const parsed = parse(answer)
  const value = text(dig(parsed, 'access_token'))
  if (value === null) throw new ModelError('model_unreadable', 'Google answered without an access token')
  return { value, until: Date.now() + count(dig(parsed, 'expires_in')) * 1_000 - SPARE_MS }
}

const assertion = async ({ clientEmail, privateKey, keyId, tokenUrl }: GoogleCloud): Promise<string> =>
  new SignJWT({ scope: SCOPE })
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', ...(keyId === null ? {} : { kid: keyId }) })
    .setIssuer(clientEmail)
    .setAudience(tokenUrl)
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importPKCS8(privateKey, 'RS256'))

/** Google says of a key that it does not know that the request is bad (`invalid_grant`). */
const refused = (error: unknown): never => {
  if (!(error instanceof ModelError) || error.code !== 'model_refused_request') throw error
  throw new ModelError('model_refused_key', `Google refused the service account: ${error.message}`)
}

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}
