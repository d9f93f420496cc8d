import { createHmac, timingSafeEqual } from 'node:crypto'
import type { MailAbout, MailIds } from '../../agent/ports.ts'

const OURS = /^<([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})\.([0-9a-f]{8})([0-9a-f]{32})@([^<>\s]+)>$/

/**
 * `<THREAD.SEQ.TOKEN@domain>`. The token is eight digits that tell mails about the same apart, and 128 bits of an HMAC over all of
 * it: hexadecimal, as there are servers that change the case of letters. Whoever replies need not be whom we wrote to.
 */
export const createMailIds = (secret: string, from: string): MailIds => {
  const domain = domainOf(from)
  const hmac = (...parts: string[]): string => {
    const key = createHmac('sha256', secret).update('deploybot message-id').digest()
    return createHmac('sha256', key).update(JSON.stringify(parts)).digest('hex')
  }
  const tokenOf = ({ thread_id, seq }: MailAbout, salt: string): string =>
    hmac('token', thread_id, String(seq), salt).slice(0, 32)
  return {
    mint: (about, apart) => {
      const salt = hmac('salt', apart).slice(0, 8)
      return `<${about.thread_id}.${about.seq}.${salt}${tokenOf(about, salt)}@${domain}>`
    },
    read: (messageId) => {
      const [, thread_id = '', seq = '', salt = '', token = '', at = ''] =
        OURS.exec(messageId.trim().toLowerCase()) ?? []
      if (at !== domain) return null
      const about = { thread_id, seq: Number(seq) }
      return timingSafeEqual(Buffer.from(token), Buffer.from(tokenOf(about, salt))) ? about : null
    },
  }
}

/** The domain of an address, which may have a name before it: `Deploybot <bot@acme.test>`. */
const domainOf = (from: string): string => (/@([^@<>\s]+?)>?\s*$/.exec(from)?.[1] ?? 'localhost').toLowerCase()
