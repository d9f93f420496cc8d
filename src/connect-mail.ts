import type { Mutes } from './agent/ports.ts'
import { createEmailChannel, createMailCodes, createMailIds } from './channels/email.ts'
import { createSmsChannel } from './channels/sms.ts'
import type { Config } from './config.ts'
import type { Cleanup } from './connect.ts'

/** What the channels need of the rest. */
interface Store {
  mutes: Mutes
  log: { now(): Promise<string> }
}

/** Mail and SMS, out and in, as far as they are configured. */
export const connectMail = ({ email, sms, policy, http }: Config, { mutes, log }: Store, cleanups: Cleanup[]) => {
  const { publicUrl } = http
  const mail = email && mailOf(email, { policy, publicUrl, now: log.now })
  if (mail) cleanups.push(async () => mail.channel.close())
  const parts = [
    ...(email
      ? [`email:    ${new URL(email.smtpUrl).host}, ${email.webhookSecret ? 'replies are heard' : 'out only'}`]
      : []),
    ...(sms ? [`sms:      ${new URL(sms.apiUrl).host}`] : []),
  ]
  return {
    channels: {
      ...(mail ? { email: mail.channel } : {}),
      ...(sms ? { sms: createSmsChannel({ ...sms, publicUrl, mutes }) } : {}),
    },
    edge: { mailIn: mail?.mailIn ?? null, smsIn: sms && { authToken: sms.authToken, mutes } },
    parts,
  }
}

type Rest = Pick<Config, 'policy'> & { publicUrl: string; now: () => Promise<string> }

/** Without mail that comes in nobody reads the names of ours: any secret will do. */
const mailOf = ({ smtpUrl, from, webhookSecret }: NonNullable<Config['email']>, { policy, publicUrl, now }: Rest) => {
  const secret = webhookSecret ?? smtpUrl
  const [ids, codes] = [createMailIds(secret, from), createMailCodes(secret)]
  const repliesHeard = webhookSecret !== null
  const byCode = { codes, policy }
  const channel = createEmailChannel({ smtpUrl, from, publicUrl, ids, repliesHeard, now, byCode })
  return { channel, mailIn: webhookSecret === null ? null : { ids, from, secret: webhookSecret, codes } }
}
