import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { ConfigError, readConfig } from '../../src/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const whsec = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const SMTP_URL = 'smtps://bot:p4ssw0rd@mail.acme.test'
const EMAIL_FROM = 'Deploybot <bot@acme.test>'
const TWILIO = {
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: 'a-twilio-auth-token',
  TWILIO_FROM: '+15550199',
}

const problems = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readConfig(env, ROOT)
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems
  }
}

describe('channels to people', () => {
  test('are off where nothing is said', () => expect(readConfig({}, ROOT)).toMatchObject({ email: null, sms: null }))

  test('are on where all is said', () =>
    expect(readConfig({ SMTP_URL, EMAIL_FROM, EMAIL_WEBHOOK_SECRET: whsec, ...TWILIO }, ROOT)).toMatchObject({
      email: { smtpUrl: SMTP_URL, from: EMAIL_FROM, webhookSecret: whsec },
      sms: { from: '+15550199', apiUrl: 'https://api.twilio.com' },
    }))

  test('mail may go out alone', () =>
    expect(readConfig({ SMTP_URL, EMAIL_FROM: 'bot@acme.test' }, ROOT).email).toMatchObject({ webhookSecret: null }))

  test.each<[NodeJS.ProcessEnv, string[]]>([
    [{ SMTP_URL }, ['EMAIL_FROM: is missing beside SMTP_URL']],
    [{ EMAIL_FROM }, ['SMTP_URL: is missing beside EMAIL_FROM']],
    [
      { EMAIL_WEBHOOK_SECRET: whsec },
      ['SMTP_URL: is missing beside EMAIL_WEBHOOK_SECRET', 'EMAIL_FROM: is missing beside EMAIL_WEBHOOK_SECRET'],
    ],
    [{ SMTP_URL: 'http://mail', EMAIL_FROM }, ['SMTP_URL: must be a URL that begins with smtp:// or smtps://']],
    [
      { SMTP_URL, EMAIL_FROM: 'a@b, c@d' },
      ['EMAIL_FROM: must be an address such as bot@acme.test or Deploybot <bot@acme.test>'],
    ],
    [{ SMTP_URL, EMAIL_FROM, EMAIL_WEBHOOK_SECRET: 'plain' }, ['EMAIL_WEBHOOK_SECRET: must be whsec_ and base64']],
    [
      { TWILIO_AUTH_TOKEN: TWILIO.TWILIO_AUTH_TOKEN },
      ['TWILIO_ACCOUNT_SID: is missing beside TWILIO_AUTH_TOKEN', 'TWILIO_FROM: is missing beside TWILIO_AUTH_TOKEN'],
    ],
    [
      { ...TWILIO, TWILIO_FROM: 'Deploybot' },
      ['TWILIO_FROM: must be a number such as +15550100, or the MG… of a Messaging Service'],
    ],
    [{ ...TWILIO, TWILIO_ACCOUNT_SID: 'SK1' }, ['TWILIO_ACCOUNT_SID: must be AC and 32 hexadecimal digits']],
  ])('%j is refused, by what is missing or wrong', (env, lines) => expect(problems(env)).toEqual(lines))

  test('no message repeats a secret', () =>
    expect(
      problems({ SMTP_URL: 'x:p4ssw0rd', EMAIL_WEBHOOK_SECRET: 'p4ssw0rd', TWILIO_AUTH_TOKEN: 'p4ssw0rd' }).join(),
    ).not.toContain('p4ssw0rd'))
})

describe('whose mail is heard', () => {
  const withEmail = (email: object) => {
    const directory = mkdtempSync(join(tmpdir(), 'deploybot-email-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const file = join(directory, 'deploybot.yaml')
    writeFileSync(file, stringify({ ...parse(readFileSync(join(ROOT, 'deploybot.yaml'), 'utf8')), email }))
    return { DEPLOYBOT_CONFIG: file }
  }

  test('is said in deploybot.yaml, and changes nothing that an approval binds to', () => {
    const email = { allow: ['@acme.test', 'bob@else.test'], authserv_id: 'mx.acme.test' }
    const { policy } = readConfig(withEmail(email), ROOT)
    expect(policy.email).toEqual(email)
    expect(policy.version).toBe(readConfig({}, ROOT).policy.version)
  })

  test.each<[object, RegExp]>([
    [{ allow: ['acme.test'] }, /email\.allow\.0: "acme\.test" must be an e-mail address, or all of a domain/],
    [{ allow: ['*@acme.test', '@'] }, /email\.allow\.1/],
    [{ authserv_id: 'mx acme' }, /email\.authserv_id: "mx acme" must be a mail server's name/],
    [{ deny: [] }, /email\.deny/],
  ])('%j is refused', (email, line) => expect(problems(withEmail(email)).join('\n')).toMatch(line))
})
