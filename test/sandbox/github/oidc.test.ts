import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { dispatch, inputs, open } from './support.ts'

type Token = { value: string }

const part = (token: string, index: number): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[index] ?? '', 'base64url').toString())

/** The check of a reader who knows nothing but the issuer's address. */
const keyHolds = async (url: string, token: string): Promise<boolean> => {
  const read = async <T>(from: string) => (await (await fetch(from)).json()) as T
  const { jwks_uri } = await read<{ jwks_uri: string }>(`${url}/.well-known/openid-configuration`)
  const { keys } = await read<{ keys: (JsonWebKey & { kid: string })[] }>(jwks_uri)
  const { alg, kid } = part(token, 0)
  const jwk = keys.find((key) => key.kid === kid)
  if (alg !== 'RS256' || !jwk) return false
  const [head, body, signature = ''] = token.split('.')
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify('RSA-SHA256', Buffer.from(`${head}.${body}`), key, Buffer.from(signature, 'base64url'))
}

test('signs what GitHub says of a job, for anyone to check', async () => {
  const { sandbox, control, octokit } = await open()
  const { workflow_run_id: run_id } = await dispatch(octokit)
  const { value } = await control<Token>('POST', '/oidc', { audience: 'https://bot.test', run_id })
  expect(await keyHolds(sandbox.url, value)).toBe(true)
  const claims = part(value, 1)
  expect(claims).toMatchObject({
    iss: sandbox.url,
    aud: 'https://bot.test',
    sub: 'repo:acme/shop:ref:refs/heads/main',
    repository: 'acme/shop',
    repository_id: '731000001',
    repository_owner: 'acme',
    ref: 'refs/heads/main',
    ref_type: 'branch',
    workflow: 'Deploy backend',
    workflow_ref: 'acme/shop/.github/workflows/deploy-backend.yml@refs/heads/main',
    run_id: String(run_id),
    run_attempt: '1',
    event_name: 'workflow_dispatch',
  })
  expect(Number(claims['exp'])).toBeGreaterThan(Date.now() / 1000)
  expect(part((await control<Token>('POST', '/oidc', { audience: 'x' })).value, 1)['jti']).not.toBe(claims['jti'])
})

test('says what it is told to, and where the job runs', async () => {
  const { control } = await open()
  const claims = { repository: 'evil/shop', actor: 'somebody' }
  const { value } = await control<Token>('POST', '/oidc', { audience: 'x', environment: 'production', claims })
  expect(part(value, 1)).toMatchObject({ ...claims, sub: 'repo:acme/shop:environment:production' })
  await expect(control('POST', '/oidc', { audience: 'x', run_id: 7 })).rejects.toThrow('422')
})

test.each([
  ['expired', { exp: expect.closeTo(Date.now() / 1000 - 3300, -2) }, true],
  ['early', { nbf: expect.closeTo(Date.now() / 1000 + 3600, -2) }, true],
  ['issuer', { iss: 'https://issuer.elsewhere.example' }, true],
  ['key', {}, false],
  ['unknown_key', {}, false],
  ['none', {}, false],
  ['hs256', {}, false],
])('makes a token that is wrong in one thing: %s', async (defect, claims, holds) => {
  const { sandbox, control } = await open()
  const { value } = await control<Token>('POST', '/oidc', { audience: 'x', defect })
  expect(part(value, 1)).toMatchObject({ repository: 'acme/shop', ...claims })
  expect(await keyHolds(sandbox.url, value)).toBe(holds)
})

test('answers a job that asks for its token as GitHub does, and nobody without a bearer', async () => {
  const { sandbox, octokit } = await open()
  const { workflow_run_id } = await dispatch(octokit, inputs)
  const ask = (headers: Record<string, string>) =>
    fetch(`${sandbox.url}/_sandbox/token?api-version=2.0&audience=bot`, { headers })
  expect((await ask({})).status).toBe(401)
  const told = async (authorization: string) =>
    (await (await ask({ authorization })).json()) as { count: number; value: string }
  const answer = await told('bearer anything')
  expect(answer).toEqual({ count: answer.value.length, value: expect.any(String) })
  expect(part(answer.value, 1)).toMatchObject({ aud: 'bot', event_name: 'push' })
  const own = await told(`bearer run:${workflow_run_id}`)
  expect(part(own.value, 1)).toMatchObject({ run_id: String(workflow_run_id) })
})

test('can be away, and is no part of the API that is counted', async () => {
  const { sandbox, control } = await open()
  const path = '/.well-known/jwks'
  await control('POST', '/faults', { do: 'answer', accept: false, status: 503, method: 'GET', path })
  expect((await fetch(`${sandbox.url}${path}`)).status).toBe(503)
  expect((await fetch(`${sandbox.url}${path}`)).status).toBe(200)
  expect(await control('GET', '/requests')).toEqual([])
})
