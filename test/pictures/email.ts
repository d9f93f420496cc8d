import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { argv } from 'node:process'
import chromium from '@sparticuz/chromium'
import { chromium as browser } from 'playwright-core'
import { compose } from '../../src/channels/email/compose.ts'
import { asHtml } from '../../src/channels/email/html.ts'
import { approvalAsked, THREAD } from '../channels/asked.ts'
import { noticeAt } from '../channels/notice.ts'

// Pictures of the mail that asks for an approval, on a phone, by day and by night: `node test/pictures/email.ts DIRECTORY`.
const [, , directory = '.deploybot/pictures'] = argv
const commits = ['Show the cart total', 'Retry payments that time out', 'Bump the base image'].map((message, i) => ({
  sha: String(i + 1).repeat(40),
  message,
  author: 'Ann',
  date: '2026-11-25T09:00:00.000Z',
}))
const pull_requests = [{ number: 41, title: 'Cart totals', author: 'ann', url: 'https://github.com/acme/shop/pull/41' }]
const files = {
  total: 12,
  paths: ['src/cart/total.ts', 'src/payments/a-file-with-a-rather-long-name-that-must-break.ts'],
}
const question = approvalAsked({
  commits,
  commits_total: 3,
  pull_requests,
  files,
  compare_url: 'https://github.com/acme/shop/compare/a...b',
  direction: 'backward',
})
const story = { title: 'deploy backend', results: [], approved_by: [], end: null, asked_by: ['dev'] }
const notice = noticeAt({ email: { to: 'lead@acme.test' } }, { kind: 'request', question, story })
const desk = {
  page: `https://bot.acme.test/threads/${THREAD}`,
  sent: '2026-11-25T11:00:00.000Z',
  repliesHeard: true,
  code: 'K7QP-2MXV',
}

await mkdir(directory, { recursive: true })
const launched = await browser.launch({ executablePath: await chromium.executablePath(), args: chromium.args })
for (const colorScheme of ['light', 'dark'] as const) {
  const page = await launched.newPage({ colorScheme, viewport: { width: 390, height: 844 } })
  await page.setContent(asHtml(compose(notice, desk)))
  await page.screenshot({ path: join(directory, `email-${colorScheme}.png`), fullPage: true })
}
await launched.close()
