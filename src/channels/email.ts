import { createTransport } from 'nodemailer'
import type { Channel, MailIds, Told } from '../agent/ports.ts'
import type { EmailAddress } from '../thread/contact/address.ts'
import { type CodeRules, codeIn } from './email/code.ts'
import { type ByMail, compose } from './email/compose.ts'
import { envelopeOf, refOf } from './email/envelope.ts'
import { failed } from './email/failure.ts'
import { asHtml } from './email/html.ts'
import { oneLine } from './email/letter.ts'
import { asText } from './email/text.ts'

export { createMailCodes } from './email/codes.ts'
export { createMailIds } from './email/message-id.ts'

export interface EmailOptions {
  smtpUrl: string
  /** `Deploybot <bot@acme.test>`; where replies are heard, they come there. */
  from: string
  publicUrl: string
  ids: MailIds
  repliesHeard: boolean
  now: () => Promise<string>
  /** Not there: nobody approves by code. */
  byCode?: CodeRules
}

// A server that takes longer is tried again later; the thread does not wait for it.
const TIMEOUTS = { connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000, dnsTimeout: 10_000 }
const ADDRESS = /^[^@\s<>,;:"()[\]\\]{1,64}@[^@\s<>,;:"()[\]\\]{1,255}$/

/** `verify`: connects and signs in, and sends nothing. */
type EmailChannel = Channel<{ email: EmailAddress }> & { verify(): Promise<string>; close(): void }

/** Tells people by mail: what is asked and where to answer, what became of it, how it ended. A mail approves nothing. */
export const createEmailChannel = (options: EmailOptions): EmailChannel => {
  const { smtpUrl, from, ids } = options
  const safe = { disableFileAccess: true, disableUrlAccess: true }
  // One message at a time and connection is tried once: what is lost on the way is for us to send again, under the same Message-ID.
  const smtp = createTransport({ url: smtpUrl, pool: true, maxConnections: 3, maxRequeues: 0, ...TIMEOUTS, ...safe })
  return {
    name: 'email',
    deliver: async (notice): Promise<Told> => {
      const { to } = notice.address.email
      if (!ADDRESS.test(to)) return { ok: false, message: `${oneLine(to, 80)} is no e-mail address` }
      const envelope = envelopeOf(notice, ids)
      try {
        await smtp.sendMail({
          from,
          to: { name: '', address: to },
          ...mailOf(notice, options, await options.now()),
          ...wrapped(envelope, options),
        })
        return { ok: true, ref: refOf(envelope) }
      } catch (error) {
        return failed(error)
      }
    },
    verify: async () => {
      await smtp.verify()
      return 'the mail server lets us in'
    },
    close: () => smtp.close(),
  }
}

const mailOf = (notice: ByMail, { publicUrl, repliesHeard, byCode }: EmailOptions, sent: string) => {
  const code = repliesHeard && byCode ? codeIn(notice, byCode, sent) : null
  const letter = compose(notice, { page: `${publicUrl}/threads/${notice.thread_id}`, sent, repliesHeard, code })
  return { text: asText(letter), html: asHtml(letter) }
}

const wrapped = (envelope: ReturnType<typeof envelopeOf>, { from, repliesHeard }: EmailOptions) => {
  const { subject, message_id, in_reply_to, references } = envelope
  const [, domain = 'localhost'] = /@([^<>\s]+)>$/.exec(message_id) ?? []
  return {
    subject,
    messageId: message_id,
    ...(in_reply_to === null ? {} : { inReplyTo: in_reply_to }),
    references,
    ...(repliesHeard ? { replyTo: from } : {}),
    headers: {
      // RFC 3834: no machine answers; the second is what Exchange looks at.
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'All',
      'List-Id': { prepared: true, value: `Deploybot <deploybot.${domain}>` },
    },
  }
}
