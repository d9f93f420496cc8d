import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

export type Claims = Record<string, unknown>

/** What GitHub would say of a job of release.yml on main of acme/shop. */
export const jobClaims = (more: Claims = {}): Claims => ({
  sub: 'repo:acme/shop:ref:refs/heads/main',
  jti: crypto.randomUUID(),
  repository: 'acme/shop',
  repository_id: '4711',
  repository_owner: 'acme',
  ref: 'refs/heads/main',
  sha: 'e'.repeat(40),
  workflow: 'Release',
  workflow_ref: 'acme/shop/.github/workflows/release.yml@refs/heads/main',
  job_workflow_ref: 'acme/shop/.github/workflows/release.yml@refs/heads/main',
  event_name: 'push',
  run_id: '123',
  run_attempt: '1',
  actor: 'ann',
  ...more,
})

/** What it would say of the run that a dispatch started. */
export const deployClaims = (run_id: number, more: Claims = {}): Claims =>
  jobClaims({
    workflow_ref: 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/main',
    event_name: 'workflow_dispatch',
    run_id: String(run_id),
    ...more,
  })

interface Key {
  jwk: JWK
  privateKey: CryptoKey
}

const newKey = async (kid: string): Promise<Key> => {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  return { jwk: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }, privateKey }
}

const HOUR = 3_600

/** A tiny issuer of job tokens, which also hands them out to a job as GitHub's runner does. Gone when the test ends. */
export const startIssuer = async (audience: string, atEnd: (end: () => void) => void = onTestFinished) => {
  let keys = [await newKey('key-1')]
  let asked = 0
  /** What a job that asks is said to be, and how the issuer itself goes wrong. */
  const job = { claims: jobClaims, broken: null as null | ((response: ServerResponse) => void) }
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })

  const token = async (claims: Claims = jobClaims(), { key = keys.at(-1), aud = audience, iss = url } = {}) => {
    const now = Math.floor(Date.now() / 1000)
    if (!key) throw new Error('no key')
    return new SignJWT({ iss, aud, iat: now, nbf: now - 600, exp: now + 300, ...claims })
      .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: key.jwk.kid ?? '' })
      .sign(key.privateKey)
  }

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    asked += 1
    if (job.broken) return job.broken(response)
    const { pathname, searchParams } = new URL(request.url ?? '', url)
    const say = (body: unknown) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body))
    if (pathname === '/.well-known/openid-configuration') say({ issuer: url, jwks_uri: `${url}/.well-known/jwks` })
    else if (pathname === '/.well-known/jwks') say({ keys: keys.map(({ jwk }) => jwk) })
    else if (request.headers.authorization !== 'bearer runner-secret') response.writeHead(401).end()
    else say({ value: await token(job.claims(), { aud: searchParams.get('audience') ?? '' }) })
  }

  return {
    url,
    token,
    job,
    asked: () => asked,
    key: () => keys.at(-1),
    /** A new key beside the old ones, or in their place. */
    rotate: async ({ forget = false } = {}) => {
      keys = [...(forget ? [] : keys), await newKey(`key-${keys.length + 1}`)]
    },
    /** What a runner sets for a job that may ask for tokens. */
    runner: {
      ACTIONS_ID_TOKEN_REQUEST_URL: `${url}/token?api-version=2`,
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'runner-secret',
    },
    past: (claims: Claims = {}) => token(jobClaims({ ...at(-2 * HOUR), ...claims })),
    future: (claims: Claims = {}) => token(jobClaims({ ...at(HOUR), ...claims })),
  }
}

const at = (offset: number): Claims => {
  const now = Math.floor(Date.now() / 1000) + offset
  return { iat: now, nbf: now, exp: now + 300 }
}
