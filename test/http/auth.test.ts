import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openStore } from '../../src/store/store.ts'
import { startTestService, type TestService } from '../support/service.ts'

/** A request with any header, the ones too that fetch would not let a page set. */
const ask = (
  url: string,
  headers: Record<string, string>,
  body?: object,
): Promise<{ status: number; body: { code?: string } }> =>
  new Promise((resolve, reject) => {
    const asked = request(`${url}/threads`, { method: body ? 'POST' : 'GET', headers }, async (answer) => {
      resolve({ status: answer.statusCode ?? 0, body: JSON.parse(await text(answer)) })
    })
    asked.on('error', reject).end(body ? JSON.stringify(body) : undefined)
  })

describe('in local mode', () => {
  let bot: TestService
  beforeAll(async () => {
    bot = await startTestService({}, afterAll)
  })
  const port = () => new URL(bot.url()).port

  test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])(
    'a request to %s is the person at this machine',
    async (host) => expect((await ask(bot.url(), { host: `${host}:${port()}` })).status).toBe(200),
  )

  test.each<[string, Record<string, string>]>([
    ['a name that leads here (DNS rebinding)', { host: 'evil.test' }],
    ['a name that begins like ours', { host: '127.0.0.1.evil.test' }],
    ['a page of another site', { origin: 'https://evil.test' }],
    ['a page without an origin', { origin: 'null' }],
    ['a name that ends like ours', { origin: 'http://evil.localhost.test' }],
    ['a form that a page of another site sends', { 'sec-fetch-site': 'cross-site' }],
  ])('%s cannot drive the bot', async (_, headers) => {
    const all = { host: `127.0.0.1:${port()}`, 'content-type': 'application/json', ...headers }
    expect(await ask(bot.url(), all, { message: 'deploy backend v1.2.3 to staging' })).toMatchObject({
      status: 403,
      body: { code: 'foreign_origin' },
    })
    expect((await ask(bot.url(), all)).status).toBe(403)
  })

  test('its own pages may ask', async () =>
    expect((await ask(bot.url(), { origin: bot.url(), 'sec-fetch-site': 'same-origin' })).status).toBe(200))
})

describe('with tokens', () => {
  let bot: TestService
  const secrets: Record<string, string> = {}
  beforeAll(async () => {
    bot = await startTestService({ DEPLOYBOT_AUTH: 'tokens' }, afterAll)
    const store = await openStore({ connection: bot.database.connection })
    const create = async (name: string, scopes: ('read' | 'ask' | 'approve' | 'operate')[], person: string | null) => {
      secrets[name] = (await store.tokens.create({ name, scopes, person, expires_in_days: 1 })).secret
    }
    await create('reader', ['read'], null)
    await create('ci', ['read', 'ask'], null)
    await create('robot', ['read', 'ask', 'approve', 'operate'], null)
    await create('lead', ['read', 'ask', 'approve', 'operate'], 'lead')
    await create('dev', ['read', 'ask', 'approve'], 'nobody-special')
    await store.close()
  })
  const as = (name: string) => ({ authorization: `Bearer ${secrets[name]}` })
  const post = (name: string, path: string, body: object) => bot.post(path, body, as(name))
  const look = async (id: string) => (await bot.call(`/threads/${id}`, { headers: as('reader') })).body
  const waiting = async () => {
    const { id } = (await post('ci', '/threads', { message: 'deploy backend v1.2.3 to production' })).body
    for (;;) {
      const { waiting_for } = await look(id)
      if (waiting_for?.kind === 'approval') return { path: `/threads/${id}`, id, to: waiting_for.seq }
    }
  }

  test.each([
    {},
    { authorization: 'Bearer nope' },
    { authorization: 'Basic eDp5' },
    { authorization: `Bearer dbt_${'x'.repeat(43)}` },
  ])('nobody gets in with %j', async (headers) => {
    const { status, body, headers: answered } = await bot.call('/threads', { headers })
    expect({ status, code: body.code }).toEqual({ status: 401, code: 'unauthorized' })
    expect(answered.get('www-authenticate')).toContain('Bearer')
  })

  test('health, readiness and signed webhooks need none', async () => {
    expect((await bot.call('/health')).status).toBe(200)
    expect((await bot.call('/ready')).status).toBe(200)
    expect((await bot.call('/')).status).toBe(401)
    expect((await bot.call('/metrics')).status).toBe(401)
  })

  test('each scope opens its own doors', async () => {
    expect((await bot.call('/threads', { headers: as('reader') })).status).toBe(200)
    expect(await post('reader', '/threads', { message: 'x' })).toMatchObject({
      status: 403,
      body: { code: 'missing_scope' },
    })
    const { path, to } = await waiting()
    expect(await post('ci', `${path}/cancel`, {})).toMatchObject({ status: 403, body: { code: 'missing_scope' } })
    expect(await post('ci', `${path}/responses`, { to, approved: true })).toMatchObject({
      status: 403,
      body: { code: 'missing_scope' },
    })
    const prompt = { at: 1, prompt: 'Be brief.' }
    expect((await post('ci', `${path}/fork`, { at: 1 })).status).toBe(201)
    expect(await post('ci', `${path}/fork`, prompt)).toMatchObject({ status: 403, body: { code: 'missing_scope' } })
    expect((await post('robot', `${path}/fork`, prompt)).status).toBe(201)
    expect((await post('robot', `${path}/cancel`, {})).status).toBe(202)
  })

  test('a token that is bound to nobody never decides, whatever its scopes', async () => {
    const { path, to } = await waiting()
    for (const answer of [{ approved: true }, { approved: false }, { args: { tag: 'v1.2.4' } }]) {
      expect(await post('robot', `${path}/responses`, { to, ...answer })).toMatchObject({
        status: 403,
        body: { code: 'not_a_person' },
      })
    }
  })

  test('a token that is bound to nobody begins no release again', async () => {
    const { path } = await waiting()
    expect(await post('robot', `${path}/restart`, {})).toMatchObject({ status: 403, body: { code: 'not_a_person' } })
    expect(await post('lead', `${path}/restart`, {})).toMatchObject({ status: 409, body: { code: 'not_restartable' } })
  })

  test('what forms may do is no more: a token that may only ask decides nothing by them', async () => {
    const { path, to } = await waiting()
    for (const [form, more] of [
      ['answers', 'answer=approve'],
      ['answers', 'answer=reject'],
      ['edits', 'tag=v1.2.4'],
    ]) {
      const headers = { ...as('ci'), 'content-type': 'application/x-www-form-urlencoded' }
      const body = `form=&to=${to}&${more}`
      const answer = await bot.call(`${path}/${form}`, { method: 'POST', headers, body })
      expect(answer).toMatchObject({ status: 403, body: { code: 'missing_scope' } })
    }
  })

  test('a person who is no approver does not either; one who is, does', async () => {
    const { path, to, id } = await waiting()
    expect(await post('dev', `${path}/responses`, { to, approved: true })).toMatchObject({
      status: 403,
      body: { code: 'not_yours_to_answer' },
    })
    expect((await post('lead', `${path}/responses`, { to, approved: true })).status).toBe(202)
    const given = (await look(id)).events.find(({ type }: { type: string }) => type === 'approval_given')
    expect(given.actor).toEqual({ kind: 'person', id: 'lead', via: 'token lead' })
  })
})
