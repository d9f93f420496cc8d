import type { App, BlockAction } from '@slack/bolt'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { hasBrowser, launch } from './browser.ts'
import { open, openBolt } from './support.ts'

let browser: Browser
beforeAll(async () => {
  if (hasBrowser) browser = await launch()
})
afterAll(() => browser?.close())

const plain = (text: string) => ({ type: 'plain_text' as const, text })

/** An app that asks, and takes a yes, or a no with a reason. */
const play = (app: App): void => {
  app.event('app_mention', async ({ event, say }) => {
    const elements = ['approve', 'deny'].map((action_id) => ({
      type: 'button' as const,
      action_id,
      text: plain(action_id),
      value: 'thread:6',
    }))
    await say({ text: 'Deploy?', thread_ts: event.ts, blocks: [{ type: 'actions', elements }] })
  })
  app.action<BlockAction>('approve', async ({ ack, respond, body }) => {
    await ack()
    await respond({ replace_original: true, text: `Approved by <@${body.user.id}>` })
  })
  app.action<BlockAction>('deny', async ({ ack, body, client }) => {
    await ack()
    const element = { type: 'plain_text_input' as const, action_id: 'text' }
    const blocks = [{ type: 'input' as const, block_id: 'why', label: plain('Why?'), element }]
    const view = { type: 'modal' as const, callback_id: 'deny', title: plain('Deny'), submit: plain('Send'), blocks }
    await client.views.open({ trigger_id: body.trigger_id, view })
  })
  app.view('deny', async ({ ack, view, client }) => {
    const words = view.state.values['why']?.['text']?.value
    if (!words) return ack({ response_action: 'errors', errors: { why: 'Say why' } })
    await ack()
    await client.chat.postMessage({ channel: 'C01', text: `Denied: ${words}` })
  })
  app.command('/deploybot', ({ ack, command }) => ack(`Looking for ${command.text}`))
}

const visit = async (viewport = { width: 1200, height: 800 }) => {
  const { sandbox } = await open()
  play(await openBolt(sandbox))
  const page = await browser.newPage({ viewport, colorScheme: 'dark' })
  onTestFinished(() => page.close())
  const complaints: string[] = []
  page.on('console', (said) => said.type() === 'error' && complaints.push(said.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(sandbox.url)
  return { page, complaints }
}

const write = async (page: Page, text: string) => {
  await page.fill('#composer textarea', text)
  await page.press('#composer textarea', 'Enter')
}

test.runIf(hasBrowser)('a newcomer asks by the example, and approves', async () => {
  const { page, complaints } = await visit()
  await page.click('[data-example]')
  await page.click('#composer button')
  await page.click('button[data-use=approve]')
  await page.waitForSelector('text=Approved by @shop-lead')
  expect(await page.locator('button[data-use]').count()).toBe(0)
  expect(complaints).toEqual([])
})

test.runIf(hasBrowser)('a no opens a modal, which keeps what was wrong and closes when it was right', async () => {
  const { page, complaints } = await visit()
  await write(page, '@deploybot deploy')
  await page.click('button[data-use=deny]')
  await page.click('.modal button.primary')
  await page.waitForSelector('.wrong:has-text("Say why")')
  await page.fill('.modal input', 'frontend first')
  await page.click('.modal button.primary')
  await page.waitForSelector('text=Denied: frontend first')
  expect(await page.locator('.modal').count()).toBe(0)
  expect(complaints).toEqual([])
})

test.runIf(hasBrowser)('a command is answered to the one who gave it, and another does not see that', async () => {
  const { page } = await visit()
  await write(page, '/deploybot status')
  await page.waitForSelector('text=Looking for status')
  await page.selectOption('#as', 'U02')
  await page.waitForSelector('text=Nothing has been said here')
})

test.runIf(hasBrowser)('all of it fits on a phone', async () => {
  const { page } = await visit({ width: 390, height: 844 })
  await write(page, `@deploybot ${'verylongword'.repeat(30)}`)
  await page.waitForSelector('button[data-use=approve]')
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390)
})
