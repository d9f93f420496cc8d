import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessions } from '../../src/http/sign-in/sessions.ts'
import { openStore } from '../../src/store/store.ts'
import { approving, arranged } from '../http/arranged.ts'
import { startOAuth } from '../http/pages/support.ts'
import { startApp } from '../support/app.ts'
import { freshDatabase } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { policy } from '../thread/spec.ts'
import { writeHostile } from './hostile.ts'
import { axeFinds, openPage, PHONE, sideways, useBrowser } from './support.ts'

const theBrowser = useBrowser()
let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

const open = async (options = {}) => openPage(await theBrowser(), bot.url(), options)
const asked = async (message = 'deploy backend v1.2.3 to production') => {
  const id = await bot.launch(message)
  const { seq } = await bot.untilAsked(id, 'approval')
  return { id, seq }
}

describe('a person with a browser', () => {
  test('asks, approves and watches it end, without loading a page again', async () => {
    const page = await open()
    await page.goto('/')
    await page.getByLabel('What should be deployed').fill('deploy backend v1.2.3 to production')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.locator('.status.done').waitFor()
    await page.getByText('succeeded: backend v1.2.3 to production').first().waitFor()
    expect(await page.locator('#news').textContent()).toMatch(/^Now: /)
  })

  test('sees within a second that somebody else has answered, and keeps the words that were half written', async () => {
    const { id, seq } = await asked()
    const [one, other] = [await open(), await open()]
    for (const page of [one, other]) await page.goto(`/threads/${id}`)
    await other.locator(`#words-${seq}`).fill('I was about to say')
    await one.getByRole('button', { name: 'Approve' }).click()
    await other.getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' })
    const dead = Date.now()
    const answer = (await bot.thread(id)).events.find(({ type }) => type === 'approval_given')
    expect(dead - Date.parse(answer?.at ?? '')).toBeLessThan(1_000)
    expect(await other.locator('#say').inputValue()).toBe('I was about to say')
    await other.getByText('is no longer asked').waitFor()
  })

  test('decides in the inbox by keys alone, and by none of them by mistake', async () => {
    const [first, second] = [await asked(), await asked('deploy frontend v1.2.3 to production')]
    const page = await open()
    await page.goto('/')
    await page.locator(`#card-${second.id} a`).first().focus()
    await page.keyboard.press('a')
    await page.getByText('Enter approves: frontend on production').waitFor()
    expect((await bot.thread(second.id)).status).toBe('awaiting_approval')
    // Meanwhile the list changes, and the focus stays where it was led.
    const third = await asked()
    await page.locator(`#card-${third.id}`).waitFor()
    await page.keyboard.press('Enter')
    await page.locator(`#card-${second.id}`).waitFor({ state: 'detached' })
    await page.locator(`#card-${first.id} a`).first().focus()
    await page.keyboard.press('r')
    await page.keyboard.type('not now, a or r')
    await page.keyboard.press('Control+Enter')
    await page.locator(`#card-${first.id}`).waitFor({ state: 'detached' })
    expect((await bot.thread(first.id)).events).toContainEqual(
      expect.objectContaining({ type: 'approval_denied', data: { to: first.seq, comment: 'not now, a or r' } }),
    )
  })

  test('watches what is locked and keeps a reason that is half written', async () => {
    const page = await open()
    await page.goto('/environments')
    const lock = async (service: string) =>
      (await bot.post('/locks', { environment: 'staging', service, reason: `for ${service}`, expires_in: '1h' })).body
        .id
    const first = await lock('frontend')
    await page.locator(`#unlock-${first}`).fill('half a reason')
    const second = await lock('backend')
    await page.locator(`#unlock-${second}`).waitFor()
    expect(await page.locator(`#unlock-${first}`).inputValue()).toBe('half a reason')
    for (const id of [first, second]) await bot.post(`/threads/${id}/unlock`, { reason: 'done' })
    await page.getByText('Your words are kept on the page of that thread').waitFor()
    await page.goto(`/threads/${first}`)
    expect(await page.locator('#say').inputValue()).toBe('half a reason')
  })

  test('finds words again after a reload, and not after they were sent', async () => {
    const { id } = await asked()
    const page = await open()
    await page.goto(`/threads/${id}`)
    await page.locator('#say').fill('half a sentence')
    await page.reload()
    expect(await page.locator('#say').inputValue()).toBe('half a sentence')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('half a sentence').first().waitFor()
    expect(await page.locator('#say').inputValue()).toBe('')
  })

  test('forks, stops and copies', async () => {
    const { id } = await asked()
    const page = await open({ permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`/threads/${id}`)
    await page.getByRole('link', { name: 'say it differently' }).click()
    expect(await page.locator('#fork-words-1').inputValue()).toBe('deploy backend v1.2.3 to production')
    await page.locator('#fork-words-1').fill('deploy backend v1.2.3 to staging please')
    await page.getByRole('button', { name: 'Fork' }).click()
    await page.getByText('to staging please').first().waitFor()
    await page.goto(`/threads/${id}`)
    await page.getByText('Copy it').click()
    await page.getByRole('link', { name: 'Markdown' }).click()
    await page.getByText('Copied: Markdown').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toMatch(/^# deploy backend/)
    await page.getByText('Stop this thread').click()
    await page.getByRole('button', { name: 'Stop it' }).click()
    await page.locator('.status.cancelled').waitFor()
  })

  test('looks for threads by what stands in the address', async () => {
    const { id } = await asked()
    const page = await open()
    await page.goto('/threads')
    await page.getByLabel('service').selectOption('backend')
    await page.getByLabel('Words of the title').fill('v1.2.3')
    await page.getByRole('button', { name: 'Look' }).click()
    await page.waitForURL(/service=backend/)
    await page.locator(`a[href="/threads/${id}"]`).waitFor()
    await page.goto('/threads?text=nothing+like+it')
    await page.getByText('No thread is like that').waitFor()
  })

  test('corrects what is proposed: what was wrong stays written, also when something happens meanwhile', async () => {
    const { id, seq } = await asked()
    const page = await open()
    await page.goto(`/threads/${id}`)
    await page.getByText('Change what is proposed').click()
    const tag = page.locator(`#edit-${id}-${seq}-tag`)
    await tag.fill('v1.2.4 please')
    await page.getByRole('button', { name: 'Ask about this instead' }).click()
    await page.getByText('is no name of anything').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/threads/${id}`)
    await tag.fill('v1.2.4')
    // What the server shows now is put in its place, as when something has happened.
    await page.evaluate(`import(document.querySelector('link[href*="/swap."]').href).then(({ swap }) => {
      const now = document.getElementById('now')
      const fresh = new DOMParser().parseFromString('<div id="now">' + now.innerHTML + ' fresh</div>', 'text/html')
      swap(now, fresh.getElementById('now'))
    })`)
    expect(await page.locator('#now').textContent()).toContain(' fresh')
    expect(await tag.inputValue()).toBe('v1.2.4')
    await page.getByRole('button', { name: 'Ask about this instead' }).click()
    await page.getByText('tag: v1.2.3 → v1.2.4').first().waitFor()
    expect((await bot.untilAsked(id, 'approval', seq)).tag).toBe('v1.2.4')
  })

  test('does all of that without script', async () => {
    const page = await open({ javaScriptEnabled: false })
    await page.goto('/')
    await page.getByLabel('What should be deployed').fill('deploy backend v1.2.3 to production')
    await page.getByRole('button', { name: 'Ask' }).click()
    await page.waitForURL('**/threads/*')
    await bot.untilAsked(page.url().split('/').at(-1) ?? '', 'approval')
    await page.reload()
    await page.getByRole('button', { name: 'Reject' }).click()
    await page.getByText('rejected').first().waitFor()
  })
})

describe('a person whose session ends while they write', () => {
  const sessions = createSessions('a secret of these tests, of 32 letters and more')
  let app: Awaited<ReturnType<typeof startApp>>
  beforeAll(async () => {
    const oauth = await startOAuth(() => app.url, afterAll)
    const { connection, drop } = await freshDatabase()
    afterAll(drop)
    const people = { ...policy.people, lead: { github: 'shop-lead' } }
    const { signIn } = oauth
    const deps = { signIn, sessions, githubApiUrl: oauth.url, policy: { ...policy, people } }
    app = await startApp(connection, { auth: 'tokens', ...deps }, afterAll)
  })

  test('is shown what was not sent, signs in, and finds the words where they were', async () => {
    const actor = { kind: 'person', id: 'lead', via: 'http' } as const
    const [first] = await app.door.launch({ type: 'launch', agent: 'deploy', message: 'deploy backend', actor })
    const page = await openPage(await theBrowser(), app.url)
    await page.goto(`/threads/${first?.thread_id}`)
    await page.getByRole('button', { name: 'Sign in with GitHub' }).click()
    await page.locator('#say').fill('something long that took an hour')
    await page.context().clearCookies()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('something long that took an hour').waitFor()
    await page.getByRole('button', { name: 'Sign in with GitHub' }).click()
    await page.waitForURL(`**/threads/${first?.thread_id}`)
    expect(await page.locator('#say').inputValue()).toBe('something long that took an hour')
    await page.context().clearCookies()
    await app.door.handle(first?.thread_id ?? '', { type: 'message', message: 'hello', actor })
    await page.getByText('You are signed out').waitFor()
    expect(await page.locator('#say').inputValue()).toBe('something long that took an hour')
  })

  test('proves anew who they are for a yes that wants that, and gives it with one more click', async () => {
    const { id, seq } = await arranged(app.store, approving, { fresh_sign_in_seconds: 900 })
    const page = await openPage(await theBrowser(), app.url)
    const long = Math.floor(Date.now() / 1000) - 3_600
    const value = await sessions.sealSession({ person: 'lead', login: 'shop-lead', signed_in_at: long })
    await page.context().addCookies([{ name: 'deploybot-session', value, url: app.url }])
    await page.goto(`/threads/${id}`)
    await page.locator(`#words-${seq}`).fill('the carts are broken')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByText('You have signed in again. Nothing is approved yet').waitFor()
    expect(new URL(page.url()).pathname).toBe(`/threads/${id}`)
    expect(await page.locator(`#words-${seq}`).inputValue()).toBe('the carts are broken')
    await page.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('button', { name: 'Approve' }).waitFor({ state: 'detached' })
    const given = (await app.store.log.load(id)).events.find(({ type }) => type === 'approval_given')
    expect(given?.data).toMatchObject({ comment: 'the carts are broken' })
  })
})

describe('every page', () => {
  const paths = async () => {
    const { id } = await asked()
    const store = await openStore({ connection: bot.database.connection })
    const hostile = await writeHostile(store.log)
    await store.close()
    return [
      '/',
      '/threads',
      `/threads/${id}`,
      `/threads/${hostile}`,
      `/threads/${hostile}/events/2`,
      `/threads/${id}/prompt`,
    ]
  }

  test('is without fault for axe in both themes, and fits on a phone, whatever others wrote', async () => {
    const page = await open({ ...PHONE, bypassCSP: true })
    for (const path of await paths()) {
      await page.goto(path)
      expect([path, await sideways(page), (await page.title()) === 'owned']).toEqual([path, 0, false])
      expect([path, ...(await axeFinds(page))]).toEqual([path])
    }
  })
})
