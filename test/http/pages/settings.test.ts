import { createHmac } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Part } from '../../../src/agent/ports.ts'
import type { AppDeps } from '../../../src/http/deps.ts'
import { startApp } from '../../support/app.ts'
import { freshDatabase } from '../../support/postgres.ts'
import { policy, START } from '../../thread/spec.ts'
import { createBrowser, formIn } from './support.ts'

const part = (name: string, check: Part['check']): Part => ({ name, what: `a ${name}`, pulse: name, check })

const start = async (deps: Partial<AppDeps> = {}) => {
  const { connection, drop } = await freshDatabase()
  onTestFinished(drop)
  const app = await startApp(connection, deps)
  const browser = createBrowser(app.url)
  const look = async () => (await browser.go('/settings')).text
  const send = async (path: string, fields: Record<string, string> = {}) =>
    browser.send(`/settings/${path}`, { form: formIn(await look()), ...fields })
  return { ...app, browser, look, send }
}

describe('what is connected', () => {
  test('is asked at the push of a button, and says what works and what does not', async () => {
    let asked = 0
    const parts = [
      part('good', async () => `answer ${++asked}`),
      part('bad', () => Promise.reject(new Error('401 <b>no</b>'))),
      part('mute', null),
    ]
    const pulse = { worked_at: START, failed_at: START, why: 'reset', worked: 12, failed: 1 }
    const { look, send } = await start({ parts, pulses: () => ({ good: pulse }) })
    const before = await look()
    expect(before).toContain('Not checked yet')
    expect(before).toMatch(/Worked 12 times, last .*failed once, last .*\(reset\)/)
    expect((await send('checks')).to).toBe('/settings')
    const after = await look()
    expect(after).toMatch(/Works:<\/span> answer 1[\s\S]*Does not work:<\/span> 401 &#60;b&#62;no[\s\S]*no way to ask/)
    await send('checks')
    expect(asked).toBe(1)
  })

  test('that hangs holds up the answer for no longer than its deadline', async () => {
    const { look, send } = await start({ parts: [part('hung', () => new Promise(() => {}))] })
    const began = performance.now()
    await send('checks')
    expect(performance.now() - began).toBeLessThan(8_000)
    expect(await look()).toContain('no answer within 4 s')
  })
})

describe('the rules in force', () => {
  test('are sentences, and tell nobody addresses of people', async () => {
    const people = { ...policy.people, lead: { slack: 'T01/U01', email: 'lead@acme.test', phone: '+15550100' } }
    const text = await (await start({ policy: { ...policy, people } })).look()
    for (const sentence of [
      'backend is deployed by deploy-backend.yml of acme/shop, from main.',
      'Needs 2 yeses of lead, oncall, ceo. Nobody approves what they asked for.',
      'lead: known by name only; reached by Slack, mail, SMS.',
      'A pull request that is merged into main releases backend and frontend: deploy to staging, then test staging, then let an agent deploy to production',
    ])
      expect(text).toContain(sentence)
    expect(text).not.toMatch(/lead@acme|15550100|U01/)
  })
})

describe('tokens', () => {
  test('are made, shown once, and revoked', async () => {
    const { look, send, tokens } = await withTokens()
    const made = await send('tokens', { name: 'ci', read: 'yes', ask: 'yes', days: '30' })
    const [secret = ''] = /dbt_[\w-]{43}/.exec(made.text) ?? []
    expect(await tokens.find(secret)).toMatchObject({ name: 'ci', scopes: ['read', 'ask'], person: null })
    const page = await look()
    expect(page).toContain('<strong>ci</strong> read, ask')
    expect(page).not.toContain(secret)
    const [, id = ''] = /name="id" value="([^"]+)"/.exec(page) ?? []
    await send('tokens/revocations', { id })
    expect(await tokens.find(secret)).toBeNull()
    expect((await send('tokens/revocations', { id })).status).toBe(409)
  })

  test('approve only as whoever makes them, and may no more than they', async () => {
    const { send, tokens } = await withTokens()
    expect((await send('tokens', { name: 'x', approve: 'yes', days: '1' })).status).toBe(422)
    expect((await send('tokens', { name: 'x', days: '1' })).text).toContain('say what it may do')
    expect((await send('tokens', { name: 'x', read: 'yes', days: '900' })).status).toBe(422)
    const { text } = await send('tokens', { name: 'mine', approve: 'yes', bound: 'yes', days: '1' })
    expect(await tokens.find(/dbt_[\w-]{43}/.exec(text)?.[0] ?? '')).toMatchObject({ person: 'local' })
    expect(await tokens.list()).toHaveLength(1)
  })

  test('are nothing that those see or make who do not operate', async () => {
    const { url, tokens } = await withTokens({ auth: 'tokens' })
    const { secret } = await tokens.create({ name: 'reader', scopes: ['read'], person: null, expires_in_days: 1 })
    const headers = { authorization: `Bearer ${secret}` }
    const page = await createBrowser(url).go('/settings', { headers })
    expect([page.status, page.text]).toEqual([200, expect.not.stringContaining('Make a token')])
    expect(page.text).not.toContain('Webhooks that came in')
    const made = await createBrowser(url).send(
      '/settings/tokens',
      { form: '', name: 'x', read: 'yes', days: '1' },
      headers,
    )
    expect(made.status).toBe(403)
  })

  const withTokens = async (deps: Partial<AppDeps> = {}) => {
    const app = await start(deps)
    return { ...app, tokens: app.store.tokens }
  }
})

describe('webhooks that came in', () => {
  const secret = 'a-github-webhook-secret'
  const post = (url: string, event: string, body: string, sign = secret) =>
    fetch(`${url}/webhooks/github`, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        'x-github-event': event,
        'x-github-delivery': '1',
        'x-hub-signature-256': `sha256=${createHmac('sha256', sign).update(body).digest('hex')}`,
      },
    })

  test('are told with their verdicts, the newest first; a flood of forged ones is one line', async () => {
    const { url, look } = await start()
    await post(url, 'ping', '{}')
    await post(url, 'star', '{}')
    for (let i = 0; i < 150; i++) await post(url, '<b>forged</b>', '{}', 'another')
    const page = await look()
    expect(page).toMatch(/bad_signature \(401\), 150 times[\s\S]*star[\s\S]*ignored[\s\S]*ping/)
    expect(page).not.toContain('forged')
  })
})

describe('the strings of the sandbox', () => {
  test('are pulled by name, and there is no other', async () => {
    const pulled: string[] = []
    const strings = {
      stands: [{ name: 'github', url: 'http://127.0.0.1:1' }],
      pulls: [{ name: 'run_fails', words: 'The next run fails' }],
      pull: async (name: string) => void pulled.push(name),
    }
    const { look, send } = await start({ strings })
    expect(await look()).toContain('The next run fails')
    expect((await send('sandbox', { pull: 'run_fails' })).to).toBe('/settings')
    expect((await send('sandbox', { pull: 'constructor' })).status).toBe(422)
    expect(pulled).toEqual(['run_fails'])
  })

  test('are not there where nothing is a sandbox', async () => {
    const { look, send } = await start()
    expect(await look()).not.toContain('Stand-ins')
    expect((await send('sandbox', { pull: 'run_fails' })).status).toBe(404)
  })
})
