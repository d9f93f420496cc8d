import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandboxSlack } from '../../src/sandbox/slack/server.ts'
import { openStore } from '../../src/store/store.ts'
import { type Got, startMailbox } from '../channels/mailbox.ts'
import { startHttpProxy } from '../faults/support/http-proxy.ts'
import { createBrowser, formIn, startOAuth } from '../http/pages/support.ts'
import { createApi, startTestService } from './service.ts'
import { createSlackRoom, until } from './slack-room.ts'
import { signatureOf } from './standard-webhook.ts'

// Who is reached how: two of three approve on production, and each of them by another way. `dev` asks.
const RULES = `repository: acme/shop
services:
  backend: { workflow: deploy-backend.yml }
environments:
  production: { approvals: 2, approvers: [lead, oncall, night], expires_after: 60m }
  staging: { approvals: 1, approvers: [lead], expires_after: 2s }
people:
  lead: { github: shop-lead, slack: T01/U01 }
  oncall: { github: shop-oncall, slack: T01/U03 }
  night: { github: night-owl, email: night@acme.test }
  dev: { slack: T01/U02 }
email: { allow: ['@acme.test'], authserv_id: mx.acme.test }
`
const SIGNING_SECRET = 'a-signing-secret-of-slack'
const MAIL_SECRET = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`

type AtEnd = (clean: () => Promise<void>) => void

/** The real service with people in Slack, by mail and on pages where they sign in, each part a protocol stand-in. */
export const startSeveralWays = async (atEnd: AtEnd) => {
  const directory = await mkdtemp(join(tmpdir(), 'deploybot-ways-'))
  atEnd(() => rm(directory, { recursive: true, force: true }))
  await writeFile(join(directory, 'deploybot.yaml'), RULES)
  const [oauth, mailbox, slack] = await Promise.all([
    startOAuth(undefined, atEnd),
    startMailbox({}, atEnd),
    startSandboxSlack(),
  ])
  atEnd(slack.close)
  const bot = await startTestService(
    {
      DEPLOYBOT_CONFIG: join(directory, 'deploybot.yaml'),
      DEPLOYBOT_AUTH: 'tokens',
      GITHUB_API_URL: oauth.url,
      GITHUB_CLIENT_ID: 'client',
      GITHUB_CLIENT_SECRET: oauth.secret,
      SESSION_SECRET: 'a session secret of 32 characters',
      SLACK_BOT_TOKEN: slack.botToken,
      SLACK_SIGNING_SECRET: SIGNING_SECRET,
      SLACK_API_URL: slack.apiUrl,
      SMTP_URL: mailbox.url,
      EMAIL_FROM: 'Deploybot <bot@acme.test>',
      EMAIL_WEBHOOK_SECRET: MAIL_SECRET,
    },
    atEnd,
  )
  // Until when what is clicked about a thread stays on its way to us.
  const kept = new Map<string, number>()
  const way = await startHttpProxy(bot.url(), ({ body }) => {
    const until = [...kept].find(([id]) => body.includes(id))?.[1] ?? 0
    return { holdMs: Math.max(0, until - Date.now()) }
  })
  atEnd(way.close)
  const [events, interactions, commands] = ['events', 'interactions', 'commands'].map(
    (kind) => `${way.url}/webhooks/slack/${kind}`,
  ) as [string, string, string]
  slack.setRequestUrls({ events, interactions, commands, signingSecret: SIGNING_SECRET })

  /** A browser in which somebody has signed in, and what they do on the page of a thread. */
  const signedIn = async (login: string, at = '/') => {
    const browser = createBrowser(bot.url())
    const wanted = await browser.go(at)
    const { to } = await browser.send('/login', { to: at })
    const back = await browser.go(oauth.clicks(to, login).replace(/^http:\/\/[^/]+/, bot.url()))
    const answer = async (id: string, seq: number, given: string) => {
      const form = formIn((await browser.go(`/threads/${id}`)).text)
      return browser.send(`/threads/${id}/answers`, { form, to: String(seq), answer: given })
    }
    return { ...browser, answer, wanted, landed: back.to }
  }
  /** A mail that comes in. Only of acme.test its own server says that senders are who they say. */
  const write = (from: string, subject: string, vouched = true) => {
    const results = vouched ? 'mx.acme.test; dmarc=pass header.from=acme.test' : 'mx.acme.test; dmarc=fail'
    const lines = [`From: ${from}`, `Subject: ${subject}`, `Message-ID: <${randomUUID()}@mail.test>`]
    const body = `${[...lines, `Authentication-Results: ${results}`].join('\r\n')}\r\n\r\n`
    const headers = { 'content-type': 'message/rfc822', ...signatureOf(MAIL_SECRET, body) }
    return bot.call('/webhooks/email', { method: 'POST', headers, body })
  }
  /** A mail about this thread that says so, once it has come. */
  const mailAbout = (id: string, says: RegExp): Promise<Got['mail']> =>
    until(`mail that says ${says}`, async () =>
      mailbox.got.map(({ mail }) => mail).find(({ text = '' }) => text.includes(id) && says.test(text)),
    )
  const runs = async (): Promise<number> => {
    const answer = await fetch(`${bot.github()}/repos/acme/shop/actions/runs?event=workflow_dispatch`, {
      headers: { authorization: 'Bearer sandbox' },
    })
    return ((await answer.json()) as { total_count: number }).total_count
  }
  return {
    ...bot,
    ...(await reading(bot)),
    ...createSlackRoom(() => ({ slack: () => slack.url })),
    signedIn,
    write,
    mailAbout,
    keep: (id: string, untilMs: number) => void kept.set(id, untilMs),
    runs,
  }
}

export type SeveralWays = Awaited<ReturnType<typeof startSeveralWays>>

/** The API for whoever looks: with a token that can do no more. */
const reading = async ({ database, url }: Awaited<ReturnType<typeof startTestService>>) => {
  const store = await openStore({ connection: database.connection })
  const token = await store.tokens.create({ name: 'reader', scopes: ['read'], person: null, expires_in_days: 1 })
  await store.close()
  return createApi(url, { authorization: `Bearer ${token.secret}` })
}
