import type { Mutes, Part } from './agent/ports.ts'
import type { Config } from './config.ts'
import type { Cleanup } from './connect.ts'

/** What the channels need of the rest. */
interface Store {
  mutes: Mutes
  log: { now(): Promise<string> }
}

/** Mail and SMS, out and in, as far as they are configured: their clients are loaded only then, which took a third of every start. */
export const connectMail = async ({ email, sms, policy, http }: Config, { mutes, log }: Store, cleanups: Cleanup[]) => {
  const { publicUrl } = http
  const mail = email && (await mailOf(email, { policy, publicUrl, now: log.now }))
  const sending = sms && (await smsOf(sms, publicUrl, mutes))
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
      ...(sending ? { sms: sending } : {}),
    },
    edge: { mailIn: mail?.mailIn ?? null, smsIn: sms && { authToken: sms.authToken, mutes } },
    parts,
    checked: [
      ...(email && mail ? [part('Mail', 'email', new URL(email.smtpUrl).host, mail.channel.verify)] : []),
      ...(sms && sending ? [part('SMS', 'sms', new URL(sms.apiUrl).host, sending.verify)] : []),
    ],
  }
}

const part = (name: string, pulse: string, what: string, check: () => Promise<string>): Part => ({
  name,
  pulse,
  what,
  check,
})

type Rest = Pick<Config, 'policy'> & { publicUrl: string; now: () => Promise<string> }

/** Without mail that comes in nobody reads the names of ours: any secret will do. */
const mailOf = async (
  { smtpUrl, from, webhookSecret }: NonNullable<Config['email']>,
  { policy, publicUrl, now }: Rest,
) => {
  const { createEmailChannel, createMailCodes, createMailIds } = await import('./channels/email.ts')
  const secret = webhookSecret ?? smtpUrl
  const [ids, codes] = [createMailIds(secret, from), createMailCodes(secret)]
  const repliesHeard = webhookSecret !== null
  const byCode = { codes, policy }
  const channel = createEmailChannel({ smtpUrl, from, publicUrl, ids, repliesHeard, now, byCode })
  return { channel, mailIn: webhookSecret === null ? null : { ids, from, secret: webhookSecret, codes } }
}

const smsOf = async (sms: NonNullable<Config['sms']>, publicUrl: string, mutes: Mutes) => {
  const { createSmsChannel } = await import('./channels/sms.ts')
  return createSmsChannel({ ...sms, publicUrl, mutes })
}
