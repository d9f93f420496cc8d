import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasBrowser, launch } from '../../sandbox/slack/browser.ts'
import { startTestService, type TestService } from '../../support/service.ts'

const PAGES = ['/environments', '/insights', '/settings']
const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

describe.skipIf(!hasBrowser)('axe finds nothing, and nothing scrolls sideways', () => {
  let bot: TestService
  let browser: Browser
  let axe: string
  beforeAll(async () => {
    bot = await startTestService({}, afterAll)
    browser = await launch()
    afterAll(() => browser.close())
    axe = await readFile(AXE, 'utf8')
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    await bot.post('/locks', { environment: 'production', reason: 'x'.repeat(400), expires_in: '8h' })
  })

  test.for(PAGES)('%s, light and dark, on a phone and on a desk', async (path) => {
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const width of [390, 1440]) {
        // axe is put into the page from outside, which the page itself would not let in.
        const context = await browser.newContext({ viewport: { width, height: 844 }, colorScheme, bypassCSP: true })
        const page = await context.newPage()
        await page.goto(`${bot.url()}${path}`)
        await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
        await page.evaluate(axe)
        const { violations } = (await page.evaluate('axe.run(document)')) as AxeResults
        expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html).slice(0, 3)])).toEqual([])
        await context.close()
      }
    }
  })
})
