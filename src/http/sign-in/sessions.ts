import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { EncryptJWT, jwtDecrypt } from 'jose'

/** Who signed in, until when, and how long ago they proved it. Sealed into the browser's cookie: we store nothing. */
export interface Session {
  /** Tells this session from all others; what its forms carry is made of it. */
  id: string
  person: string
  /** The account's name at GitHub, to be shown. */
  login: string
  /** Seconds since 1970. */
  signed_in_at: number
}

/** When somebody proved who they are; undefined: the session does not say. */
export const signedInAt = (session: Session | null): string | undefined =>
  Number.isSafeInteger(session?.signed_in_at) ? new Date(Number(session?.signed_in_at) * 1000).toISOString() : undefined

/** What a sign-in that is under way must come back with. */
export interface Begun {
  state: string
  verifier: string
  /** The page that was wanted. */
  to: string
}

/** What somebody was about to answer, taken along through a sign-in. */
export interface Carried {
  thread: string
  person: string
  draft: { to: number; comment: string }
}

const SESSION_SECONDS = 12 * 3600
const BEGUN_SECONDS = 600
const BYTES = 32

export type Sessions = ReturnType<typeof createSessions>

/** Seals and opens what cookies hold (AES-256-GCM), and what forms carry. Without a secret, one of this start. */
export const createSessions = (secret: string | null) => {
  const root = secret ?? randomBytes(BYTES)
  const sealing = new Uint8Array(hkdfSync('sha256', root, '', 'deploybot cookies', BYTES))
  const forms = Buffer.from(hkdfSync('sha256', root, '', 'deploybot forms', BYTES))
  const seal = (kind: string, content: object, seconds: number): Promise<string> =>
    new EncryptJWT({ ...content })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(kind)
      .setExpirationTime(`${seconds}s`)
      .encrypt(sealing)
  const open = async (kind: string, sealed: string | undefined): Promise<Record<string, unknown> | null> => {
    if (sealed === undefined) return null
    const opened = await jwtDecrypt(sealed, sealing, { audience: kind }).catch(() => null)
    return opened?.payload ?? null
  }
  const proofOf = (id: string): Buffer => createHmac('sha256', forms).update(id).digest()
  return {
    /** Whoever signs in again keeps the `id`, and with it the forms that are open elsewhere. */
    sealSession: ({ id = randomBytes(16).toString('base64url'), ...session }: Omit<Session, 'id'> & { id?: string }) =>
      seal('session', { ...session, id }, SESSION_SECONDS),
    openSession: async (sealed: string | undefined) => (await open('session', sealed)) as Session | null,
    sealBegun: (begun: Begun) => seal('sign-in', begun, BEGUN_SECONDS),
    openBegun: async (sealed: string | undefined) => (await open('sign-in', sealed)) as Begun | null,
    sealCarried: (carried: Carried) => seal('draft', carried, BEGUN_SECONDS),
    openCarried: async (sealed: string | undefined) => (await open('draft', sealed)) as Carried | null,
    /** What the forms of one page carry. Another one for each page: what is sent packed would else tell it by its length (BREACH). */
    formToken: (id: string): string => {
      const mask = randomBytes(BYTES)
      return Buffer.concat([mask, xor(mask, proofOf(id))]).toString('base64url')
    },
    /** Whether a form was made for this session. */
    isForm: (id: string, token: string): boolean => {
      const given = Buffer.from(token, 'base64url')
      if (given.length !== 2 * BYTES) return false
      return timingSafeEqual(xor(given.subarray(0, BYTES), given.subarray(BYTES)), proofOf(id))
    },
  }
}

const xor = (a: Buffer, b: Buffer): Buffer => Buffer.from(a.map((byte, i) => byte ^ (b[i] ?? 0)))
