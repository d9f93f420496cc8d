import type { Environment } from './environment.ts'

export interface SmsConfig {
  accountSid: string
  authToken: string
  /** A number, or a Messaging Service (`MG…`) that chooses one. */
  from: string
  apiUrl: string
}

/** Null: nobody is told by SMS. */
export const readSms = (env: Environment): SmsConfig | null => {
  const accountSid = env.matching('TWILIO_ACCOUNT_SID', /^AC[0-9a-fA-F]{32}$/, 'AC and 32 hexadecimal digits')
  const authToken = env.matching('TWILIO_AUTH_TOKEN', /^\S{16,}$/, 'at least 16 characters')
  const sender = /^(\+[0-9]{6,15}|MG[0-9a-fA-F]{32})$/
  const from = env.matching('TWILIO_FROM', sender, 'a number such as +15550100, or the MG… of a Messaging Service')
  const apiUrl = env.url('TWILIO_API_URL', ['http:', 'https:']) ?? 'https://api.twilio.com'
  const names = ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN', 'TWILIO_FROM']
  const some = [...names, 'TWILIO_API_URL'].find((name) => env.text(name) !== null)
  if (some === undefined) return null
  for (const name of names) {
    if (env.text(name) === null) env.refuse(name, `is missing beside ${some}`)
  }
  return accountSid === null || authToken === null || from === null ? null : { accountSid, authToken, from, apiUrl }
}
