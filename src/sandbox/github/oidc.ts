import { createHmac, createSign, generateKeyPairSync, type KeyObject } from 'node:crypto'

/** What can be wrong with a token. `key`: signed by another key under the name of the right one; `hs256`: by the public key as a shared secret. */
export const defects = ['expired', 'early', 'issuer', 'key', 'unknown_key', 'none', 'hs256'] as const
export type Defect = (typeof defects)[number]

export type Claims = Record<string, string | number>

/** The stand-in as an OpenID issuer. Its keys live as long as the process, and are made when they are first needed. */
export interface Issuer {
  jwks(): { keys: object[] }
  sign(claims: Claims, defect?: Defect): string
}

const KEY_ID = 'sandbox-1'

export const createIssuer = (): Issuer => {
  const own = once(newKeys)
  const other = once(newKeys)
  return {
    jwks: () => ({
      keys: [{ ...own().publicKey.export({ format: 'jwk' }), alg: 'RS256', use: 'sig', kid: KEY_ID }],
    }),
    sign(claims, defect) {
      const told = { ...claims, ...wrongClaims(claims, defect) }
      if (defect === 'none') return `${encoded({ alg: 'none', typ: 'JWT' }, told)}.`
      if (defect === 'hs256') return signedByPublicKey(own().publicKey, told)
      const foreign = defect === 'key' || defect === 'unknown_key'
      const kid = defect === 'unknown_key' ? 'sandbox-2' : KEY_ID
      const text = encoded({ alg: 'RS256', kid, typ: 'JWT' }, told)
      const key = (foreign ? other() : own()).privateKey
      return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`
    },
  }
}

const newKeys = () => generateKeyPairSync('rsa', { modulusLength: 2048 })

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}

const wrongClaims = (claims: Claims, defect: Defect | undefined): Claims => {
  const { iat } = claims
  const at = Number(iat)
  if (defect === 'expired') return { iat: at - 3600, nbf: at - 4200, exp: at - 3300 }
  if (defect === 'early') return { iat: at + 3600, nbf: at + 3600, exp: at + 3900 }
  return defect === 'issuer' ? { iss: 'https://issuer.elsewhere.example' } : {}
}

const signedByPublicKey = (key: KeyObject, claims: Claims): string => {
  const text = encoded({ alg: 'HS256', kid: KEY_ID, typ: 'JWT' }, claims)
  const secret = key.export({ type: 'spki', format: 'pem' })
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const encoded = (header: object, claims: Claims): string =>
  [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
