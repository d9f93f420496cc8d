import type { Environment } from './environment.ts'

export interface EmailConfig {
  smtpUrl: string
  from: string
  /** Null: mail goes out, and none comes in. */
  webhookSecret: string | null
}

const FROM = /^([^<>@\r\n]{1,100}<[^<>@\s]{1,64}@[^<>@\s]{1,255}>|[^<>@\s]{1,64}@[^<>@\s]{1,255})$/

/** Null: nobody is told by mail. */
export const readEmail = (env: Environment): EmailConfig | null => {
  const smtpUrl = env.url('SMTP_URL', ['smtp:', 'smtps:'])
  const from = env.matching('EMAIL_FROM', FROM, 'an address such as bot@acme.test or Deploybot <bot@acme.test>')
  const secret = /^whsec_[A-Za-z0-9+/]{22,}={0,2}$/
  const webhookSecret = env.matching('EMAIL_WEBHOOK_SECRET', secret, 'whsec_ and base64')
  const set = { SMTP_URL: smtpUrl, EMAIL_FROM: from }
  const some = Object.keys({ ...set, EMAIL_WEBHOOK_SECRET: 0 }).find((name) => env.text(name) !== null)
  if (some === undefined) return null
  for (const name of Object.keys(set)) {
    if (env.text(name) === null) env.refuse(name, `is missing beside ${some}`)
  }
  return smtpUrl === null || from === null ? null : { smtpUrl, from, webhookSecret }
}
