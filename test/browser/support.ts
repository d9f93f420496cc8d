import { createRequire } from 'node:module'
import chromiumPackage from '@sparticuz/chromium'
import type { AxeResults } from 'axe-core'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterAll, onTestFinished } from 'vitest'

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
// The package's own arguments keep all in one process, which ends with the first context that is closed.
const ARGS = ['--no-sandbox', '--font-render-hinting=none']

let launched: Promise<Browser> | null = null
let users = 0

const launch = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await chromiumPackage.executablePath(), args: ARGS, headless: true })

/** One browser for the file; each page has a context of its own. */
export const useBrowser = (): (() => Promise<Browser>) => {
  users += 1
  afterAll(async () => {
    users -= 1
    if (users > 0 || launched === null) return
    const browser = await launched
    launched = null
    await browser.close()
  })
  return () => {
    launched ??= launch()
    return launched
  }
}

export const PHONE = { viewport: { width: 390, height: 844 } }

/** A page of a person of its own, that fails the test where script fails. */
export const openPage = async (
  browser: Browser,
  baseURL: string,
  options: BrowserContextOptions = {},
): Promise<Page> => {
  const context = await browser.newContext({ baseURL, ...options })
  onTestFinished(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  page.on('pageerror', (error) => {
    throw error
  })
  return page
}

/** What axe finds wrong, in words; nothing in each theme is what we want. */
export const axeFinds = async (page: Page): Promise<string[]> => {
  const found: string[] = []
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    if (!(await page.evaluate('"axe" in window'))) await page.addScriptTag({ path: AXE })
    const rules = JSON.stringify({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    const { violations } = (await page.evaluate(`axe.run(${rules})`)) as AxeResults
    found.push(...violations.map(({ id, nodes }) => `${colorScheme}: ${id} ${nodes[0]?.target}`))
  }
  return found
}

/** How far the page reaches beyond its window to the right, in pixels. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
