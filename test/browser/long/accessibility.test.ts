import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { writeHostile } from '../hostile.ts'
import { axeFinds, openPage, sideways, useBrowser } from '../support.ts'
import { startHostileApp } from './hostile-app.ts'

const PAGES = ['/environments', '/insights', '/settings']
const theBrowser = useBrowser()

/** Opens all that can be opened, and looks at the page as people and machines do. */
const faultsOf = async (page: Page): Promise<unknown> => {
  await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
  return [await sideways(page), (await page.title()).startsWith('owned'), ...(await axeFinds(page))]
}
const NONE = [0, false]

const open = async (url: string, width: number) =>
  openPage(await theBrowser(), url, { viewport: { width, height: 844 }, bypassCSP: true })

describe('on a phone and on a desk axe finds nothing in either theme, and nothing scrolls sideways', () => {
  let bot: TestService
  let hostile: Awaited<ReturnType<typeof startHostileApp>>
  let thread: string
  beforeAll(async () => {
    bot = await startTestService({}, afterAll)
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    await bot.post('/locks', { environment: 'production', reason: 'x'.repeat(400), expires_in: '8h' })
    hostile = await startHostileApp(afterAll)
    thread = await writeHostile(hostile.store.log)
  })

  test.for(PAGES)('%s', async (path) => {
    for (const width of [390, 1_440]) {
      const page = await open(bot.url(), width)
      await page.goto(path)
      expect([width, await faultsOf(page)]).toEqual([width, NONE])
    }
  })

  test.for([...PAGES, '/', '/threads'])('%s in a world that says whatever can break it', async (path) => {
    for (const width of [390, 1_440]) {
      const page = await open(hostile.url, width)
      await page.goto(path)
      if (path === '/settings') await page.getByRole('button', { name: 'Check all' }).click()
      expect([width, await faultsOf(page)]).toEqual([width, NONE])
    }
  })

  test('a thread of 500 events in that world, on a desk', async () => {
    const page = await open(hostile.url, 1_440)
    await page.goto(`/threads/${thread}`)
    expect(await faultsOf(page)).toEqual(NONE)
  })
})
