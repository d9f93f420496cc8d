import type { MailCodes, MailIds } from '../../agent/ports.ts'

/** What is needed to hear mail. */
export interface MailIn {
  ids: MailIds
  /** Our own address, from which nothing is heard. */
  from: string
  /** The secret of POST /webhooks/email. */
  secret: string
  /** Not there: nobody approves by code. */
  codes?: MailCodes
}
