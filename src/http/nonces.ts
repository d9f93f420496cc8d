import { randomBytes } from 'node:crypto'

const GOOD_FOR_MS = 10 * 60_000
const MOST = 100

/**
 * Values that prove that whoever comes back began here: good once, for ten minutes, in this process. Held in memory, as nothing is lost with
 * them but the click that made one.
 */
export const createNonces = (clock: () => number = () => performance.now()) => {
  const open = new Map<string, number>()
  return {
    make(): string {
      const [oldest] = open.keys()
      if (open.size >= MOST && oldest !== undefined) open.delete(oldest)
      const nonce = randomBytes(32).toString('base64url')
      open.set(nonce, clock() + GOOD_FOR_MS)
      return nonce
    },
    /** Whether it was good. It is so no more. */
    take(nonce: string): boolean {
      const until = open.get(nonce)
      open.delete(nonce)
      return until !== undefined && clock() < until
    },
  }
}
