import { createHmac } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { type CryptoKey, exportSPKI, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { createOidc } from '../../src/http/oidc.ts'
import { jobClaims, startIssuer } from '../support/issuer.ts'

const US = 'https://deploybot.acme.test'
const now = async () => new Date().toISOString()
const QUICK = { cooldownMs: 50, restMs: 50 }

const setUp = async (pauses?: { cooldownMs: number; restMs: number }) => {
  const issuer = await startIssuer(US)
  const oidc = createOidc({ issuer: issuer.url, audience: US, now, ...(pauses ? { pauses } : {}) })
  const refusal = async (token: string) => {
    const problem = await oidc.verify(token).then(
      () => ({ status: 200, code: 'none', message: '' }),
      (error) => error,
    )
    expect(problem.message).not.toContain(token.split('.')[1]?.padEnd(9, '?') ?? '?')
    return { status: problem.status, code: problem.code, why: problem.message }
  }
  return { issuer, oidc, refusal }
}
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const seconds = (offset: number): number => Math.floor(Date.now() / 1000) + offset
const because = (why: string) => ({ status: 401, code: 'bad_oidc_token', why: expect.stringContaining(why) })

describe("a job's token", () => {
  test('says which job it is', async () => {
    const { issuer, oidc } = await setUp()
    expect(await oidc.verify(await issuer.token())).toMatchObject({ repository: 'acme/shop', run_id: '123' })
  })
  test('is looked at without asking for the keys each time', async () => {
    const { issuer, oidc } = await setUp()
    for (let i = 0; i < 20; i++) await oidc.verify(await issuer.token())
    expect(issuer.asked()).toBe(2)
  })
  test('by a key that is new is known after one more look', async () => {
    const { issuer, oidc } = await setUp({ ...QUICK, cooldownMs: 0 })
    await oidc.verify(await issuer.token())
    const before = issuer.key()
    await issuer.rotate()
    expect(await oidc.verify(await issuer.token())).toMatchObject({ repository: 'acme/shop' })
    if (!before) throw new Error('no key')
    expect(await oidc.verify(await issuer.token(jobClaims(), { key: before }))).toMatchObject({ run_id: '123' })
  })
  test('of a clock that is a little off is good', async () => {
    const { issuer, oidc } = await setUp()
    await oidc.verify(await issuer.token(jobClaims({ exp: seconds(-10) })))
    await oidc.verify(await issuer.token(jobClaims({ nbf: seconds(10) })))
  })
})

describe('refused is a token', () => {
  test.each<[string, object, string]>([
    ['that has expired', { exp: seconds(-3600) }, 'expired'],
    ['that is not valid yet', { nbf: seconds(3600) }, 'not valid yet'],
    ['without an end', { exp: undefined }, 'exp'],
    ['without a number of its own', { jti: undefined }, 'jti'],
    ['without a repository', { repository: undefined }, 'lacks'],
    ['of a run that is no number', { run_id: '1e3' }, 'lacks'],
    ['of an attempt that is none', { run_attempt: 1 }, 'lacks'],
    ['of a workflow that is no text', { workflow_ref: { a: 1 } }, 'lacks'],
  ])('%s', async (_, claims, why) => {
    const { issuer, refusal } = await setUp()
    expect(await refusal(await issuer.token(jobClaims(claims as Record<string, unknown>)))).toEqual(because(why))
  })
  test('for somebody else', async () => {
    const { issuer, refusal } = await setUp()
    expect(await refusal(await issuer.token(jobClaims(), { aud: 'https://github.com/acme' }))).toEqual(
      because('audience'),
    )
    expect(await refusal(await issuer.token(jobClaims(), { aud: `${US}.evil.test` }))).toEqual(because(US))
  })
  test('that names another issuer, and nobody asks that one', async () => {
    const { issuer, refusal } = await setUp()
    const other = await startIssuer(US)
    expect(await refusal(await issuer.token(jobClaims(), { iss: other.url }))).toEqual(because('another issuer'))
    expect(await refusal(await other.token())).toMatchObject({ status: 401 })
    expect(other.asked()).toBe(0)
  })
  test('that is signed with a key of nobody', async () => {
    const { refusal } = await setUp()
    const other = await startIssuer(US)
    await other.rotate({ forget: true })
    await other.rotate()
    expect(await refusal(await other.token())).toEqual(because('no key'))
  })
  test('whose words were changed after it was signed', async () => {
    const { issuer, refusal } = await setUp()
    const [head, , signature] = (await issuer.token()).split('.')
    const claims = { ...jobClaims({ repository: 'evil/shop' }), iss: issuer.url, aud: US, exp: seconds(300) }
    expect(await refusal(`${head}.${base64(claims)}.${signature}`)).toEqual(because('signature'))
  })
  test('that is not signed at all', async () => {
    const { issuer, refusal } = await setUp()
    const claims = { ...jobClaims(), iss: issuer.url, aud: US, exp: seconds(300), nbf: 0, iat: 0 }
    for (const alg of ['none', 'None', 'NONE', '']) {
      expect(await refusal(`${base64({ alg, typ: 'JWT', kid: 'key-1' })}.${base64(claims)}.`)).toMatchObject({
        status: 401,
        code: 'bad_oidc_token',
      })
    }
  })
  test("that is signed with the issuer's public key as a shared secret", async () => {
    const { issuer, refusal } = await setUp()
    const jwk = issuer.key()?.jwk ?? {}
    const pem = await exportSPKI((await importJWK(jwk, 'RS256', { extractable: true })) as CryptoKey)
    const claims = { ...jobClaims(), iss: issuer.url, aud: US, exp: seconds(300), nbf: 0, iat: 0 }
    for (const secret of [pem, JSON.stringify(jwk), jwk.n ?? '']) {
      const signed = `${base64({ alg: 'HS256', typ: 'JWT', kid: 'key-1' })}.${base64(claims)}`
      const signature = createHmac('sha256', secret).update(signed).digest('base64url')
      expect(await refusal(`${signed}.${signature}`)).toEqual(because('RS256'))
    }
  })
  test.each([
    ['that is huge', `${'a'.repeat(9_000)}.b.c`],
    ['that is nothing', '..'],
    ['of junk', 'a.b.c'],
    ['whose head is no object', `${base64('x')}.${base64({})}.c`],
    ['that wants an extension', `${base64({ alg: 'RS256', crit: ['x'], x: 1, kid: 'key-1' })}.${base64({})}.c`],
  ])('%s', async (_, token) => {
    const { refusal } = await setUp()
    expect(await refusal(token)).toMatchObject({ status: 401, code: 'bad_oidc_token' })
  })
  test('of any kind, where no issuer is known', async () => {
    const { issuer } = await setUp()
    const none = createOidc({ issuer: null, audience: US, now })
    await expect(none.verify(await issuer.token())).rejects.toMatchObject({ status: 401, code: 'bad_oidc_token' })
  })
})

describe('keys that somebody makes up', () => {
  test('do not make us ask the issuer again and again', async () => {
    const { issuer, oidc, refusal } = await setUp()
    await oidc.verify(await issuer.token())
    const other = await startIssuer(US)
    await other.rotate()
    for (let i = 0; i < 20; i++) expect(await refusal(await other.token())).toMatchObject({ status: 401 })
    expect(issuer.asked()).toBe(2)
  })
})

describe('an issuer that', () => {
  const json = (body: string) => (response: ServerResponse) => void response.end(body)
  test.each<[string, (response: ServerResponse) => void]>([
    ['fails', (response) => void response.writeHead(500).end()],
    ['hangs up', (response) => void response.destroy()],
    ['leads elsewhere', (response) => void response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end()],
    ['sends more than keys can be', json(`{"a":"${'x'.repeat(100_000)}"}`)],
    ['sends no JSON', json('<html>')],
    ['sends null', json('null')],
    ['speaks for another', json('{"issuer":"https://evil.test","jwks_uri":"https://evil.test/keys"}')],
  ])('%s is waited for, and asked once in a while', async (_, broken) => {
    const { issuer, oidc, refusal } = await setUp(QUICK)
    issuer.job.broken = broken
    const token = await issuer.token()
    for (let i = 0; i < 5; i++) {
      expect(await refusal(token)).toMatchObject({ status: 503, code: 'oidc_issuer_unavailable' })
    }
    expect(issuer.asked()).toBeLessThanOrEqual(2)
    issuer.job.broken = null
    await expect
      .poll(() =>
        oidc.verify(token).then(
          () => 'good',
          () => 'not yet',
        ),
      )
      .toBe('good')
  })
  test('keeps no keys is asked for them once in a while', async () => {
    const { issuer, refusal } = await setUp(QUICK)
    const token = await issuer.token()
    const document = JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/keys` })
    issuer.job.broken = json(document)
    for (let i = 0; i < 5; i++) expect(await refusal(token)).toMatchObject({ status: 503 })
    expect(issuer.asked()).toBe(2)
  })
  test('keeps its keys elsewhere is not believed', async () => {
    const { issuer, refusal } = await setUp(QUICK)
    const other = await startIssuer(US)
    issuer.job.broken = json(JSON.stringify({ issuer: issuer.url, jwks_uri: `${other.url}/.well-known/jwks` }))
    expect(await refusal(await other.token(jobClaims(), { iss: issuer.url }))).toMatchObject({ status: 503 })
    expect(other.asked()).toBe(0)
  })
})
