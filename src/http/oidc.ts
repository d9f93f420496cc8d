import { createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey, jwtVerify } from 'jose'
import Type, { type Static } from 'typebox'
import { Value } from 'typebox/value'
import { Problem } from './errors.ts'
import { createFetcher, IssuerUnavailable } from './oidc-fetch.ts'

const Digits = Type.String({ pattern: '^[0-9]{1,15}$' })
const Text = Type.String({ minLength: 1, maxLength: 500 })

/** What GitHub says of the job that a token was made for, as far as we read it. */
const JobClaims = Type.Object({
  jti: Type.String({ minLength: 1, maxLength: 200 }),
  repository: Type.String({ pattern: '^[\\w.-]+/[\\w.-]+$', maxLength: 200 }),
  repository_id: Digits,
  ref: Text,
  sha: Type.String({ pattern: '^[0-9a-f]{40,64}$' }),
  /** The file of the workflow that was started, whichever reusable one the job itself is from. */
  workflow_ref: Text,
  event_name: Text,
  run_id: Digits,
  run_attempt: Digits,
  environment: Type.Optional(Text),
})
export type JobClaims = Static<typeof JobClaims>

export interface OidcOptions {
  /** Null: no issuer is known, so no token is good. */
  issuer: string | null
  audience: string
  now: () => Promise<string>
  pauses?: Pauses
}

/** `cooldownMs`: how long after a look at the keys a token with another one leads to no new look · `restMs`: after a failure, to none at all. */
export interface Pauses {
  cooldownMs: number
  restMs: number
}

export interface Oidc {
  /** Rejects with a Problem that says why, and never repeats the token. */
  verify(token: string): Promise<JobClaims>
}

// GitHub's are of 2 KB; what is larger is not worth a look.
const MOST_CHARACTERS = 8_000
const TOLERANCE_SECONDS = 30
const PAUSES: Pauses = { cooldownMs: 30_000, restMs: 5_000 }
const REDISCOVER_MS = 3_600_000
const REQUIRED = ['exp', 'nbf', 'iat', 'jti', 'sub']

/** The tokens of GitHub Actions jobs: RS256 and nothing else, by this issuer, for us, now. The issuer is ours to name, never the token's. */
export const createOidc = ({ issuer, audience, now, pauses = PAUSES }: OidcOptions): Oidc => {
  const keys = issuer === null ? null : keysOf(issuer, pauses)
  return {
    verify: async (token) => {
      if (!keys || !issuer) throw refused('no issuer of job tokens is known here (GITHUB_OIDC_ISSUER)')
      if (token.length > MOST_CHARACTERS) throw refused('it is too long')
      const currentDate = new Date(await now())
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ['RS256'],
          issuer,
          audience,
          currentDate,
          clockTolerance: TOLERANCE_SECONDS,
          requiredClaims: REQUIRED,
        })
        if (Value.Check(JobClaims, payload)) return payload
      } catch (error) {
        throw meaning(error, audience)
      }
      throw refused('it lacks what GitHub says of a job')
    },
  }
}

/** The issuer's keys, found by its discovery document, which is read again now and then. */
const keysOf = (issuer: string, { cooldownMs, restMs }: Pauses): JWTVerifyGetKey => {
  const get = createFetcher(restMs)
  const fetchKeys = async (url: string): Promise<Response> => Response.json(await get(url, asKeys))
  let found: Promise<JWTVerifyGetKey> | null = null
  let foundAt = 0
  const discover = (): Promise<JWTVerifyGetKey> => {
    if (found && performance.now() - foundAt < REDISCOVER_MS) return found
    foundAt = performance.now()
    const discovery = get(`${issuer}/.well-known/openid-configuration`, (json) => keysUrl(json, issuer)).then((url) =>
      createRemoteJWKSet(url, { cooldownDuration: cooldownMs, [customFetch]: fetchKeys }),
    )
    discovery.catch(() => {
      if (found === discovery) found = null
    })
    found = discovery
    return discovery
  }
  return async (header, token) => (await discover())(header, token)
}

const Discovery = Type.Object({ issuer: Type.String(), jwks_uri: Type.String() })
const Keys = Type.Object({ keys: Type.Array(Type.Object({})) })

/** The document must be the issuer's own, and its keys lie where it lies. */
const keysUrl = (json: unknown, issuer: string): URL => {
  const url = Value.Check(Discovery, json) && json.issuer === issuer && URL.canParse(json.jwks_uri) && json.jwks_uri
  if (!url || new URL(url).origin !== new URL(issuer).origin) {
    throw new IssuerUnavailable('its discovery document is that of another issuer')
  }
  return new URL(url)
}

const asKeys = (json: unknown): Static<typeof Keys> => {
  if (!Value.Check(Keys, json)) throw new IssuerUnavailable('its keys are no JSON Web Key Set')
  return json
}

const refused = (why: string): Problem =>
  new Problem(401, 'bad_oidc_token', `this job token is refused: ${why}`, {
    headers: { 'www-authenticate': 'Bearer realm="deploybot", error="invalid_token"' },
  })

/** In words of our own: nothing of the token is in them. */
const meaning = (error: unknown, audience: string): Problem => {
  if (error instanceof errors.JWTExpired) return refused('it has expired')
  if (error instanceof errors.JWTClaimValidationFailed) return refused(claimInWords(error.claim, audience))
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('it is not signed with RS256')
  if (error instanceof errors.JWKSNoMatchingKey) return refused('no key of the issuer fits it')
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature does not fit')
  if (error instanceof errors.JOSEError && !ISSUERS_FAULT.includes(error.code))
    return refused('it is no JWT as jobs have')
  return new Problem(503, 'oidc_issuer_unavailable', "the issuer's keys cannot be had now; try again", {
    headers: { 'retry-after': '5' },
  })
}

const ISSUERS_FAULT = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JWKInvalid.code, errors.JOSEError.code]

const claimInWords = (claim: string, audience: string): string => {
  switch (claim) {
    case 'aud':
      return `it was made for another audience; ask for ${audience}`
    case 'iss':
      return 'it is of another issuer'
    case 'nbf':
      return 'it is not valid yet'
    default:
      return `its claim ${claim} is missing or wrong`
  }
}
