import { describe, expect, onTestFinished, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy } from '../../thread/spec.ts'
import { createBrowser, formIn, startOAuth } from './support.ts'

const people = {
  ...policy.people,
  lead: { github: 'Shop-Lead', github_id: 7 },
  oncall: { github_team: 'acme/oncall' },
}

const start = async () => {
  const oauth = await startOAuth()
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const members = {
    permission: () => Promise.resolve('none' as const),
    isMember: async (team: string, login: string) => team === 'acme/oncall' && login === 'night-owl',
  }
  const app = await startApp(connection, {
    auth: 'tokens',
    signIn: oauth.signIn,
    policy: { ...policy, people },
    members,
  })
  const browser = createBrowser(app.url)
  /** The whole way, as a person goes it; where they are sent at the end. */
  const signIn = async (login: string, id?: number, to = '/') => {
    const { to: github } = await browser.send('/login', { to })
    return browser.go(new URL(oauth.clicks(github, login, id)).href.replace('http://127.0.0.1/', `${app.url}/`))
  }
  return { ...app, browser, signIn, oauth }
}

describe('signing in with GitHub', () => {
  test('leads to GitHub and back to the page that was wanted', async () => {
    const { browser, signIn, oauth } = await start()
    const wanted = await browser.go('/threads/01890a5d-ac96-774b-bcce-b302099a8057?x=1')
    expect([wanted.status, wanted.to]).toEqual([
      303,
      '/login?to=%2Fthreads%2F01890a5d-ac96-774b-bcce-b302099a8057%3Fx%3D1',
    ])
    expect((await browser.go(wanted.to)).text).toContain('Sign in with GitHub')
    const { to } = await browser.send('/login', { to: '/threads/x?y=1' })
    expect(to).toMatch(
      new RegExp(`^${oauth.url}/login/oauth/authorize\\?client_id=client&.*code_challenge_method=S256`),
    )
    const back = await signIn('shop-lead', 7, '/threads/x?y=1')
    expect([back.status, back.to]).toEqual([303, '/threads/x?y=1'])
    const home = await browser.go('/')
    expect(home.status).toBe(200)
    expect(home.text).toContain('>lead</span>')
  })

  test('knows a person by account, by the number of the account where it is named, and by team', async () => {
    const { signIn, browser } = await start()
    expect((await signIn('night-owl')).status).toBe(303)
    expect((await browser.go('/')).text).toContain('>oncall</span>')
    const renamed = await signIn('shop-lead', 8)
    expect([renamed.status, renamed.text]).toEqual([403, expect.stringContaining('is nobody in deploybot.yaml')])
    expect((await signIn('stranger')).status).toBe(403)
  })

  test('takes a code once, and only in the browser in which it was begun', async () => {
    const { browser, oauth, url } = await start()
    const { to } = await browser.send('/login', { to: '/' })
    const back = oauth.clicks(to, 'shop-lead').replace('http://127.0.0.1/', `${url}/`)
    expect((await createBrowser(url).go(back)).status).toBe(403)
    expect((await browser.go(`${back}x`)).status).toBe(403)
    const again = await browser.go(back)
    expect([again.status, again.text]).toEqual([403, expect.stringContaining('was not begun in this browser')])
  })

  test('never leads to another site', async () => {
    const { signIn } = await start()
    for (const to of ['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)'])
      expect((await signIn('shop-lead', 7, to)).to).toBe('/')
  })

  test('is over when they sign out, and for whoever is taken out of deploybot.yaml', async () => {
    const { browser, signIn } = await start()
    await signIn('shop-lead')
    const form = formIn((await browser.go('/')).text)
    expect((await browser.send('/logout', { form: 'forged' })).status).toBe(403)
    expect((await browser.send('/logout', { form })).to).toBe('/login')
    expect((await browser.go('/')).to).toBe('/login?to=%2F')
  })
})

describe('a session', () => {
  test('reads what pages read by script, and changes nothing without a form of ours', async () => {
    const { browser, signIn, url } = await start()
    await signIn('shop-lead')
    const read = await browser.go('/threads', { headers: { accept: 'application/json' } })
    expect(read.status).toBe(200)
    const json = { 'content-type': 'application/json', accept: 'application/json' }
    const body = JSON.stringify({ message: 'deploy backend' })
    expect((await browser.go('/threads', { method: 'POST', body, headers: json })).status).toBe(401)
    expect((await browser.send('/asks', { form: 'forged', message: 'deploy backend' })).status).toBe(403)
    const form = formIn((await browser.go('/')).text)
    const foreign = await browser.send('/asks', { form, message: 'deploy' }, { 'sec-fetch-site': 'cross-site' })
    expect(foreign.status).toBe(403)
    const other = createBrowser(url)
    const unsent = await other.send('/asks', { form, message: 'deploy backend' })
    expect([unsent.status, unsent.text]).toEqual([
      401,
      expect.stringMatching(/name="to" value="\/"[\s\S]*deploy backend/),
    ])
    expect((await browser.go('/threads', { headers: { accept: 'application/json' } })).text).toContain('"threads":[]')
  })

  test('hears that something changed, which nobody else does', async () => {
    const { browser, signIn, url, door } = await start()
    const accept = { accept: 'text/event-stream' }
    expect((await fetch(`${url}/live`, { headers: accept })).status).toBe(401)
    await signIn('shop-lead')
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const actor = { kind: 'person', id: 'lead' } as const
    const [first] = await door.launch({ type: 'launch', agent: 'deploy', message: 'deploy backend', actor })
    const id = first?.thread_id ?? ''
    const answer = await fetch(`${url}/live?thread=${id}&version=2`, { headers: { ...accept, cookie } })
    const heard = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    expect((await heard?.read())?.value).toBe('retry: 1000\n\n')
    await door.handle(id, { type: 'message', message: 'and the frontend', actor })
    expect((await heard?.read())?.value).toBe('data: changed\n\n')
    await heard?.cancel()
  })

  test('that was changed by a letter is none', async () => {
    const { browser, signIn } = await start()
    await signIn('shop-lead')
    for (const [name, value] of browser.cookies) browser.cookies.set(name, `${value.slice(0, -2)}xx`)
    expect((await browser.go('/')).to).toMatch(/^\/login/)
  })
})
