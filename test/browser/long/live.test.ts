import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePort } from '../../support/free-port.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { axeFinds, openPage, sideways, useBrowser } from '../support.ts'

const VIEWERS = 500
const TRIES = 10
const SOON_MS = 300
const READABLE_MS = 7_000
// What Chromium's own tools call slow 3G: two seconds there and back, 400 kbit/s.
const SLOW_3G = { offline: false, latency: 2_000, downloadThroughput: 50_000, uploadThroughput: 50_000 }

const theBrowser = useBrowser()
let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

/** So many others who look at that thread, by their streams. */
const look = async (id: string, count: number): Promise<() => void> => {
  const gone = new AbortController()
  const address = `${bot.url()}/live?thread=${id}&version=1`
  const answers = await Promise.all(Array.from({ length: count }, () => fetch(address, { signal: gone.signal })))
  expect(answers.every(({ ok }) => ok)).toBe(true)
  return () => gone.abort()
}

describe('a page that is open', () => {
  test('goes on watching when the service was restarted meanwhile', async () => {
    const own = await startTestService({ PORT: String(await freePort()) })
    const id = await own.launch('deploy backend v1.2.3 to production')
    const { seq } = await own.untilAsked(id, 'approval')
    const page = await openPage(await theBrowser(), own.url())
    await page.goto(`/threads/${id}`)
    await own.restart()
    await own.respond(id, seq, { approved: false, comment: 'not today' })
    await page.getByText('not today').first().waitFor()
  })

  test(`shows an event within ${SOON_MS} ms of its commit, also with ${VIEWERS} others`, async () => {
    const id = await bot.launch('deploy backend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    const page = await openPage(await theBrowser(), bot.url())
    await page.goto(`/threads/${id}`)
    const leave = await look(id, VIEWERS)
    const times: number[] = []
    for (let i = 0; i < TRIES; i++) {
      const { body } = await bot.post(`/threads/${id}/messages`, { message: `word ${i}, please` })
      const committed = Date.parse(body.events.at(-1).at)
      await page.getByText(`word ${i}, please`).first().waitFor()
      times.push(Date.now() - committed)
    }
    leave()
    process.stdout.write(`\nevent on screen after its commit, ${VIEWERS} others: ${times.join(', ')} ms\n`)
    expect(times.toSorted((a, b) => a - b)[TRIES / 2]).toBeLessThan(SOON_MS)
  })

  test(`can be read on the slowest line within ${READABLE_MS / 1_000} s, and does what it is for`, async () => {
    const page = await openPage(await theBrowser(), bot.url())
    const line = await page.context().newCDPSession(page)
    await line.send('Network.enable')
    await line.send('Network.emulateNetworkConditions', SLOW_3G)
    const id = await bot.launch('deploy frontend v1.2.3 to production')
    await bot.untilAsked(id, 'approval')
    const began = Date.now()
    await page.goto('/', { waitUntil: 'commit' })
    const approve = page.locator(`#card-${id}`).getByRole('button', { name: 'Approve' })
    await approve.waitFor()
    const painted = `performance.getEntriesByName('first-contentful-paint')[0]?.startTime`
    await expect.poll(() => page.evaluate(painted), { timeout: READABLE_MS }).toBeDefined()
    const readable = Date.now() - began
    process.stdout.write(
      `\ninbox on slow 3G: painted after ${await page.evaluate(painted)} ms, seen after ${readable} ms\n`,
    )
    expect(readable).toBeLessThan(READABLE_MS)
    await approve.click()
    await page.locator(`#card-${id}`).waitFor({ state: 'detached' })
  })

  test('of environments shows what has gone live, soon after GitHub says so', async () => {
    const page = await openPage(await theBrowser(), bot.url())
    await page.goto('/environments')
    const production = page.locator('#now-production')
    await production.getByText('is live since').first().waitFor()
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: true })
    await bot.untilStatus(id, 'done')
    const ended = Date.now()
    await production
      .getByText('asked by local, approved by local')
      .locator(`a[href="/threads/${id}"]`)
      .first()
      .waitFor({ timeout: 25_000 })
    process.stdout.write(`\nlive on the page ${Date.now() - ended} ms after its thread ended\n`)
  })

  test('is without fault where nothing is, at every width', async () => {
    const empty = await startTestService()
    for (const width of [320, 390, 768, 1_440]) {
      const page = await openPage(await theBrowser(), empty.url(), {
        viewport: { width, height: 800 },
        bypassCSP: true,
      })
      for (const path of ['/', '/threads', '/threads?status=done&text=x', '/nowhere']) {
        await page.goto(path)
        expect([width, path, await sideways(page), ...(await axeFinds(page))]).toEqual([width, path, 0])
      }
    }
  })
})
