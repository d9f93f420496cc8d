import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { type Got, startMailbox } from '../channels/mailbox.ts'
import { startTestService } from '../support/service.ts'
import { signatureOf } from '../support/standard-webhook.ts'

const secret = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const SHIPPED = join(import.meta.dirname, '../../deploybot.yaml')

/** The shipped rules, with codes for production. */
const rulesWithCodes = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-mail-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const rules = parse(readFileSync(SHIPPED, 'utf8'))
  rules.environments.production.email_code = true
  rules.people.local = { email: 'local@acme.test' }
  const file = join(directory, 'deploybot.yaml')
  writeFileSync(file, stringify(rules))
  return file
}

test('a deployment goes from a mail to its end by mail alone', async () => {
  const { url, got } = await startMailbox()
  const bot = await startTestService({
    SMTP_URL: url,
    EMAIL_FROM: 'Deploybot <bot@acme.test>',
    EMAIL_WEBHOOK_SECRET: secret,
    DEPLOYBOT_CONFIG: rulesWithCodes(),
  })
  let count = 0
  const send = (lines: string[], words: string) => {
    const body = `${['From: lead@acme.test', `Message-ID: <${count++}@mail.test>`, ...lines].join('\r\n')}\r\n\r\n${words}\r\n`
    const headers = { 'content-type': 'message/rfc822', ...signatureOf(secret, body) }
    return bot.call('/webhooks/email', { method: 'POST', headers, body })
  }
  const mailThat = async (says: RegExp): Promise<Got['mail']> => {
    for (const end = Date.now() + 20_000; Date.now() < end; await sleep(50)) {
      const found = got.find(
        ({ mail, envelope }) => envelope.to.includes('lead@acme.test') && says.test(mail.text ?? ''),
      )
      if (found) return found.mail
    }
    throw new Error(
      `no mail that says ${says}: ${got.map(({ mail, envelope }) => `${envelope.to} ${mail.subject} ${mail.text}`).join('\n--\n')}`,
    )
  }
  expect((await send(['Subject: Deploy'], 'deploy backend v1.2.3 to production')).body).toEqual({ ok: true })
  const asked = await mailThat(/Approve backend/)
  const [code = ''] = /[2-9A-Z]{4}-[2-9A-Z]{4}$/m.exec(asked.text ?? '') ?? []
  await send(['Subject: Re: Deploy', `In-Reply-To: ${asked.messageId}`], code)
  expect((await mailThat(/Done/)).text).toContain('backend v1.2.3 on production: success')
})
