import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { type NewApp, ToolError } from '../../../src/agent/ports.ts'
import { EVENTS } from '../../../src/http/github/events.ts'
import { isReachable, manifestOf, webOf } from '../../../src/http/github/manifest.ts'
import { createNonces } from '../../../src/http/nonces.ts'
import { open } from './support.ts'

const PEM = '-----BEGIN RSA PRIVATE KEY-----\nMIIEow==\n-----END RSA PRIVATE KEY-----\n'
const made: NewApp = {
  id: 42,
  name: 'deploybot <b>',
  url: 'https://github.com/apps/deploybot',
  private_key: PEM,
  webhook_secret: 'a-secret-that-github-made',
}
const codes = new Map<string, NewApp | ToolError>()

let app: Awaited<ReturnType<typeof open>>
beforeAll(async () => {
  const convert = async (code: string) => {
    const found = codes.get(code) ?? null
    codes.delete(code)
    if (found instanceof ToolError) throw found
    return found
  }
  app = await open({ publicUrl: 'https://bot.acme.test', apps: { convert } }, afterAll)
})

const page = async (path: string, at = app, headers: Record<string, string> = {}) => {
  for (;;) {
    const answer = await fetch(`${at.url}${path}`, { redirect: 'manual', headers })
    const text = await answer.text()
    // A busy machine may turn readers away: come again, as any browser would.
    if (!text.includes('"overloaded"')) return { status: answer.status, headers: answer.headers, text }
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
const plain = (text: string): string => text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)))
const manifestIn = (text: string) => JSON.parse(plain(/name="manifest" value="([^"]*)"/.exec(text)?.[1] ?? ''))
const begun = async (): Promise<string> => /\?state=([\w-]+)/.exec(plain((await page('/github/app')).text))?.[1] ?? ''

describe('/github/app', () => {
  test('offers a manifest with the least that is needed, each with why', async () => {
    const { status, headers, text } = await page('/github/app')
    expect(status).toBe(200)
    expect(manifestIn(text)).toEqual({
      name: 'deploybot-acme-shop',
      url: 'https://bot.acme.test',
      redirect_url: 'https://bot.acme.test/github/app/created',
      hook_attributes: { url: 'https://bot.acme.test/webhooks/github', active: true },
      public: false,
      default_permissions: {
        actions: 'write',
        contents: 'read',
        deployments: 'write',
        pull_requests: 'write',
        issues: 'read',
        members: 'read',
        metadata: 'read',
      },
      default_events: [...EVENTS],
    })
    expect(plain(text)).toContain('action="https://github.com/organizations/acme/settings/apps/new?state=')
    expect(plain(text)).toContain('action="https://github.com/settings/apps/new?state=')
    expect(text).toContain('start, follow and cancel workflow runs')
    expect(headers.get('cache-control')).toBe('no-store')
  })

  test('is the one page whose form may leave, to GitHub and nowhere else', async () => {
    const policy = async (path: string) => (await page(path)).headers.get('content-security-policy')
    expect(await policy('/github/app')).toContain("form-action 'self' https://github.com;")
    expect(await policy('/')).toMatch(/form-action 'self'(;|$)/)
    expect(await policy('/github/app/created?code=x&state=y')).toMatch(/form-action 'self'(;|$)/)
  })

  test('says that GitHub cannot reach this machine, and asks for no webhooks then', async () => {
    const local = await open({}, onTestFinished)
    const { text } = await page('/github/app', local)
    expect(text).toContain('GitHub cannot reach http://127.0.0.1')
    expect(manifestIn(text)).not.toHaveProperty('hook_attributes')
    expect(manifestIn(text)).not.toHaveProperty('default_events')
  })

  test('is for operators', async () => {
    const guarded = await open({ auth: 'tokens', publicUrl: 'https://bot.acme.test' }, onTestFinished)
    expect((await page('/github/app', guarded)).status).toBe(401)
    const secretOf = async (scopes: ('read' | 'ask' | 'operate')[]) =>
      (await guarded.store.tokens.create({ name: scopes.join('-'), scopes, person: null, expires_in_days: 1 })).secret
    const as = async (secret: string) =>
      (await page('/github/app', guarded, { authorization: `Bearer ${secret}` })).status
    expect(await as(await secretOf(['read', 'ask']))).toBe(403)
    expect(await as(await secretOf(['operate']))).toBe(200)
  })
})

describe('/github/app/created', () => {
  test('shows once what goes into the environment, and keeps nothing', async () => {
    codes.set('c1', made)
    const state = await begun()
    const { status, headers, text } = await page(`/github/app/created?code=c1&state=${state}`)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    const lines = plain(/<code>(GITHUB_APP_ID[\s\S]*?)<\/code>/.exec(text)?.[1] ?? '').split('\n')
    expect(lines).toEqual([
      'GITHUB_APP_ID=42',
      'GITHUB_APP_PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\\nMIIEow==\\n-----END RSA PRIVATE KEY-----"',
      'GITHUB_WEBHOOK_SECRET=a-secret-that-github-made',
    ])
    expect(text).toContain('https://github.com/apps/deploybot/installations/new')
    expect(text).toMatch(/Nothing of this was stored[\s\S]*Start Deploybot again/)
    expect(text).toContain('The App deploybot &#60;b&#62; exists')
    expect(JSON.stringify(app.lines)).not.toMatch(/PRIVATE KEY|a-secret-that/)
    expect(await app.rows()).toEqual({ deliveries: 0, threads: 0 })
    // The same address again, as a browser's history would: neither state nor code is good any more.
    expect(await page(`/github/app/created?code=c1&state=${state}`)).toMatchObject({ status: 403 })
  })

  test('needs no token of ours: the state shows that an operator began it, from another site', async () => {
    codes.set('c2', made)
    const address = `/github/app/created?code=c2&state=${await begun()}`
    expect((await page(address, app, { 'sec-fetch-site': 'cross-site' })).status).toBe(200)
  })

  test('makes up a secret for an App that was made without webhooks', async () => {
    codes.set('c3', { ...made, webhook_secret: null })
    const { text } = await page(`/github/app/created?code=c3&state=${await begun()}`)
    expect(text).toMatch(/GITHUB_WEBHOOK_SECRET=[0-9a-f]{64}/)
  })

  test.each<[string, (state: string) => string, number, string]>([
    ['a state that is none of ours', () => 'code=c9&state=made-up', 403, 'bad_state'],
    ['a code that was used', (state) => `code=c1&state=${state}`, 422, 'code_refused'],
    ['no code', (state) => `state=${state}`, 400, 'invalid_request'],
    ['a code that is none', (state) => `code=../x&state=${state}`, 400, 'invalid_request'],
    ['GitHub does not answer', (state) => `code=down&state=${state}`, 503, 'github_timeout'],
  ])('%s: a clear problem', async (_, query, status, code) => {
    codes.set('down', new ToolError('github_timeout', 'GitHub did not answer in time'))
    const answer = await page(`/github/app/created?${query(await begun())}`)
    expect([answer.status, JSON.parse(answer.text).code]).toEqual([status, code])
    if (status !== 400) expect(answer.text).toContain('start again at /github/app')
  })
})

describe('a state', () => {
  test('is good once, for ten minutes', () => {
    let now = 0
    const nonces = createNonces(() => now)
    const [first, second, third] = [nonces.make(), nonces.make(), nonces.make()]
    expect([nonces.take(first), nonces.take(first)]).toEqual([true, false])
    now = 10 * 60_000 - 1
    expect(nonces.take(second)).toBe(true)
    now += 1
    expect(nonces.take(third)).toBe(false)
  })

  test('is forgotten where a hundred others came since', () => {
    const nonces = createNonces()
    const first = nonces.make()
    const rest = Array.from({ length: 100 }, () => nonces.make())
    expect([nonces.take(first), nonces.take(rest[99] ?? '')]).toEqual([false, true])
  })
})

test.each([
  ['https://api.github.com', 'https://github.com'],
  ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
  ['https://ghe.acme.test/api/v3', 'https://ghe.acme.test'],
  ['https://api.acme.test/api/v3', 'https://api.acme.test'],
])('the pages of %s are at %s', (api, web) => expect(webOf(api)).toBe(web))

test.each([
  ['https://bot.acme.test', true],
  ['http://bot.acme.test', false],
  ['https://localhost:8000', false],
  ['https://127.0.0.1', false],
  ['https://[::1]:8000', false],
])('GitHub can reach %s: %s', (url, can) => expect(isReachable(url)).toBe(can))

test('a name fits into what GitHub allows', () =>
  expect(
    manifestOf({ publicUrl: 'https://x.test', repository: `${'o'.repeat(39)}/${'r'.repeat(90)}` }).name,
  ).toHaveLength(34))
