import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSessions } from '../../../src/http/sign-in/sessions.ts'
import { openStore } from '../../../src/store/store.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy, said } from '../../thread/spec.ts'
import { approving, arranged } from '../arranged.ts'
import { createBrowser, formIn, startOAuth } from './support.ts'

const FRESH = { fresh_sign_in_seconds: 900 }
const MINUTES = 60
const sessions = createSessions('a secret of these tests, of 32 letters and more')
const people = { ...policy.people, lead: { github: 'shop-lead' }, oncall: { github: 'night-owl' } }

let app: Awaited<ReturnType<typeof startApp>>
let oauth: Awaited<ReturnType<typeof startOAuth>>
let token = ''
beforeAll(async () => {
  const { connection, drop } = await freshDatabase()
  afterAll(drop)
  oauth = await startOAuth(undefined, afterAll)
  const { signIn } = oauth
  app = await startApp(connection, { auth: 'tokens', signIn, sessions, policy: { ...policy, people } }, afterAll)
  const store = await openStore({ connection })
  const scopes = ['read', 'ask', 'approve'] as const
  token = (await store.tokens.create({ name: 'lead', scopes: [...scopes], person: 'lead', expires_in_days: 1 })).secret
  await store.close()
})

/** Somebody who signed in so many minutes ago looks at a thread that asks for a yes. */
const open = async (minutes: number | null, person = 'lead') => {
  const { id, seq } = await arranged(app.store, approving, FRESH)
  const browser = createBrowser(app.url)
  const signed_in_at = Math.floor(Date.now() / 1000) - (minutes ?? 0) * MINUTES
  const session = { person, login: person, ...(minutes === null ? {} : { signed_in_at }) }
  browser.cookies.set('deploybot-session', await sessions.sealSession(session as never))
  const page = `/threads/${id}`
  const form = formIn((await browser.go(page)).text)
  const answers = (comment: string, more = {}) =>
    browser.send(`${page}/answers`, { form, to: String(seq), answer: 'approve', comment, ...more })
  /** Says yes at GitHub, where the browser was sent, and comes back. */
  const signsIn = (github: string, login = 'shop-lead') =>
    browser.go(new URL(oauth.clicks(github, login)).href.replace('http://127.0.0.1/', `${app.url}/`))
  const given = async () => (await app.store.log.load(id)).events.filter(({ type }) => type === 'approval_given')
  return { id, seq, page, form, browser, answers, signsIn, given }
}

describe('a yes that wants a fresh sign-in', () => {
  test('counts at once from whoever has just signed in', async () => {
    const { answers, given, page, browser } = await open(5)
    expect((await browser.go(page)).text).toContain('Approving wants a sign-in of the last 15 minutes')
    expect(await answers('go')).toMatchObject({ status: 303, to: page })
    expect(await given()).toMatchObject([{ data: { comment: 'go', signed_in_at: expect.any(String) } }])
  })

  test('leads whoever signed in long ago through GitHub and back to the question, with their words, for one more click', async () => {
    const { answers, signsIn, given, page, browser } = await open(16)
    const words = 'Ship it: <b>carts</b> are broken'
    const led = await answers(words, { back: '/' })
    expect([led.status, led.to]).toEqual([303, expect.stringContaining('prompt=select_account')])
    expect(await given()).toEqual([])
    expect(await signsIn(led.to)).toMatchObject({ status: 303, to: page })
    const back = (await browser.go(page)).text
    expect(back).toMatch(/role="status">You have signed in again. Nothing is approved yet/)
    expect(back).toContain('>Ship it: &#60;b&#62;carts&#60;/b&#62; are broken</textarea>')
    expect(await answers(words)).toMatchObject({ status: 303, to: page })
    expect(await given()).toMatchObject([{ actor: { id: 'lead', via: 'page' }, data: { comment: words } }])
    expect(browser.cookies.has('deploybot-draft')).toBe(false)
  })

  test('asks again of whoever turned back at GitHub, and of a session that says no time', async () => {
    for (const minutes of [16, null]) {
      const { answers, given, page, browser } = await open(minutes)
      await answers('go')
      const back = (await browser.go(page)).text
      expect(back).not.toContain('You have signed in again')
      expect(back).toContain('>go</textarea>')
      expect((await answers('go')).to).toContain('/login/oauth/authorize')
      expect(await given()).toEqual([])
    }
  })

  test("is nobody else's: who comes back as another person finds no words, and answers as that person", async () => {
    const { answers, signsIn, given, page, browser, id, seq } = await open(16)
    await signsIn((await answers('my words')).to, 'night-owl')
    const back = (await browser.go(page)).text
    expect(back).toContain('>oncall</span>')
    expect(back).not.toContain('my words')
    expect((await answers('go')).status).toBe(403)
    await browser.send(`/threads/${id}/answers`, { form: formIn(back), to: String(seq), answer: 'approve' })
    expect(await given()).toMatchObject([{ actor: { id: 'oncall' } }])
  })

  test('keeps words on the page that are too many to take along, and takes them from there after a sign-in elsewhere', async () => {
    const { answers, signsIn, given, browser, page } = await open(16)
    const words = 'a long story '.repeat(400)
    const kept = await answers(words)
    expect([kept.status, kept.text]).toEqual([403, expect.stringContaining('Sign in again in another tab')])
    expect(kept.text).toContain(`>${words}</textarea>`)
    await signsIn((await browser.send('/login', { to: page })).to)
    expect((await answers(words)).status).toBe(303)
    expect(await given()).toMatchObject([{ data: { comment: words } }])
  })

  test('leaves the words where they can be said, when the question has gone meanwhile', async () => {
    const { answers, signsIn, page, browser, id } = await open(16)
    const { to } = await answers('my words')
    await app.door.handle(id, said('to staging'))
    await signsIn(to)
    const back = (await browser.go(page)).text
    expect(back).toMatch(/id="say"[^>]*>my words<\/textarea>/)
    expect(back).not.toContain('You have signed in again')
  })

  test('is no matter of tokens, and a no needs none', async () => {
    const { id, seq, answers, browser, form } = await open(16)
    const as = { authorization: `Bearer ${token}` }
    const refused = {
      status: 403,
      body: { code: 'fresh_sign_in_needed', detail: expect.stringContaining('15 minutes') },
    }
    expect(await app.post(`/threads/${id}/responses`, { to: seq, approved: true }, as)).toMatchObject(refused)
    const forged = { to: seq, approved: true, signed_in_at: new Date().toISOString() }
    expect(await app.post(`/threads/${id}/responses`, forged, as)).toMatchObject({ status: 400 })
    const body = { form, to: String(seq), answer: 'approve', signed_in_at: new Date().toISOString() }
    expect((await browser.send(`/threads/${id}/answers`, body)).status).toBe(400)
    expect((await answers('not now', { answer: 'reject' })).status).toBe(303)
  })
})
