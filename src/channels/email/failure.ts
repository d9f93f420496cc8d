import type { Told } from '../../agent/ports.ts'
import { oneLine } from './letter.ts'

const LATER_MS = 60_000

// Nothing that waiting mends: who we are, whom we write to, what we wrote, how we are set up.
const OURS = ['EAUTH', 'ENOAUTH', 'EENVELOPE', 'EMESSAGE', 'ECONFIG', 'EMAXRECIPIENTS', 'EREQUIRETLS']

/**
 * What the server said decides (RFC 5321): 4yz passes, and so does 503, which is about the session; 5yz stays. Where it said nothing,
 * the network did not carry it.
 */
export const failed = (error: unknown): Told => {
  const { responseCode, code, response, message } = error as {
    responseCode?: number
    code?: string
    response?: string
    message?: string
  }
  const why = oneLine(response ?? message ?? 'failed', 200)
  const stays = responseCode === undefined ? OURS.includes(code ?? '') : responseCode >= 500 && responseCode !== 503
  return stays ? { ok: false, message: why } : { ok: false, message: why, retry_after_ms: LATER_MS }
}
