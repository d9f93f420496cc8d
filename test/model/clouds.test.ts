import { generateKeyPairSync } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { ClientRegistry } from '@boundaryml/baml'
import { jwtVerify } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { b } from '#baml'
import type { ModelSettings } from '../../src/model/ask.ts'
import { type Signer, sign } from '../../src/model/aws.ts'
import type { AwsCloud, GoogleCloud } from '../../src/model/cloud.ts'
import { createModel } from '../../src/model/model.ts'
import { json, outcome, prompt, type Seen, STEP, startProvider } from './support.ts'

const text = JSON.stringify(STEP)
const start = async (answer: (response: ServerResponse, seen: Seen) => void) => {
  const provider = await startProvider(answer)
  onTestFinished(() => provider.close())
  return provider
}

// The example of AWS' own documentation and test suite.
const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
const aws: AwsCloud = {
  kind: 'aws',
  region: 'eu-central-1',
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey,
  sessionToken: null,
}
const bedrock: Signer = { ...aws, service: 'bedrock' }

test.each([
  ['get-vanilla', 'GET', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  ['post-vanilla', 'POST', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'],
])("AWS' own test vector %s comes out", async (_, method, signature) => {
  const signer: Signer = { ...bedrock, region: 'us-east-1', service: 'service' }
  const request = { method, url: 'https://example.amazonaws.com/', headers: {}, body: '' }
  expect((await sign(request, signer, new Date('2015-08-30T12:36:00Z'))).headers).toEqual({
    'x-amz-date': '20150830T123600Z',
    authorization: `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=host;x-amz-date, Signature=${signature}`,
  })
})

/** The signature that this very request should have, over the headers that it says are signed. */
const expected = async (url: string, { method = '', path, headers, text: body }: Seen) => {
  const names = /SignedHeaders=([^,]+)/.exec(String(headers.authorization))?.[1]?.split(';') ?? []
  const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]))
  const at = String(headers['x-amz-date']).replace(/^(....)(..)(..T..)(..)(..)Z$/, '$1-$2-$3:$4:$5Z')
  return (await sign({ method, url: url + path, headers: signed, body }, bedrock, new Date(at))).headers[
    'authorization'
  ]
}

const converse = {
  output: {
    message: { role: 'assistant', content: [{ reasoningContent: { reasoningText: { text: '?' } } }, { text }] },
  },
  stopReason: 'end_turn',
  usage: { inputTokens: 4, cacheReadInputTokens: 6, cacheWriteInputTokens: 1, outputTokens: 7, totalTokens: 18 },
}
const MODEL = 'eu.anthropic.claude-sonnet-4-5:0'
const PATH = `/model/${encodeURIComponent(MODEL)}/converse`
const askBedrock = async (more: Partial<ModelSettings>, answer: unknown = converse, status = 200) => {
  const provider = await start((response) => json(response, answer, status))
  const settings = { provider: 'aws-bedrock', model: MODEL, cloud: aws, baseUrl: provider.url, maxTokens: 99, ...more }
  return { answer: await createModel(settings).next(prompt), request: provider.seen[0] as Seen, url: provider.url }
}

test('aws-bedrock: /model/…/converse, signed with the keys, and its answer with its tokens', async () => {
  const { answer, request, url } = await askBedrock({})
  expect(answer).toMatchObject({
    ok: true,
    step: STEP,
    call: { model: MODEL, input_tokens: 11, output_tokens: 7, cached_tokens: 6, finish: 'stop' },
  })
  expect(request).toMatchObject({ method: 'POST', path: PATH })
  expect(request.body).toMatchObject({
    inferenceConfig: { maxTokens: 99 },
    system: [{ text: expect.stringContaining('You are Deploybot') }],
    messages: [{ role: 'user', content: [{ text: expect.stringContaining('deploy backend') }] }],
  })
  expect(request.headers.authorization).toMatch(
    /\/eu-central-1\/bedrock\/aws4_request, SignedHeaders=accept;content-type;host;x-amz-date, /,
  )
  expect(request.headers.authorization).toBe(await expected(url, request))
})

test('a session token goes along, and is signed too', async () => {
  const { request, url } = await askBedrock({ cloud: { ...aws, sessionToken: 'from-sts' } })
  expect(request.headers['x-amz-security-token']).toBe('from-sts')
  expect(request.headers.authorization).toContain('x-amz-date;x-amz-security-token')
  expect(request.headers.authorization).toBe(await expected(url, request))
})

test("AWS' own client, inside BAML, signs the same request as we would", async () => {
  const provider = await start((response) =>
    json(response, {
      ...converse,
      output: { message: { role: 'assistant', content: [{ text: '{"doubt":"none","reason":""}' }] } },
    }),
  )
  const clientRegistry = new ClientRegistry()
  clientRegistry.addLlmClient('Configured', 'aws-bedrock', {
    ...{ model: MODEL, region: aws.region, access_key_id: aws.accessKeyId, secret_access_key: secretAccessKey },
    endpoint_url: provider.url,
  })
  clientRegistry.setPrimary('Configured')
  await b.JudgeStep('', '', '', { clientRegistry })
  const [seen] = provider.seen
  expect(seen?.path).toBe(PATH)
  expect(seen?.headers.authorization).toBe(seen && (await expected(provider.url, seen)))
})

test.each([
  [403, {}, 'model_refused_key'],
  [429, {}, 'model_rate_limited'],
  [503, {}, 'model_unavailable'],
  [400, {}, 'model_refused_request'],
  [200, { ...converse, stopReason: 'max_tokens' }, 'model_truncated'],
  [200, { ...converse, stopReason: 'guardrail_intervened' }, 'model_filtered'],
  [200, { ...converse, stopReason: 'tool_use' }, 'model_unreadable'],
])('aws-bedrock: %i %j', async (status, body, code) =>
  expect(outcome((await askBedrock({}, body, status)).answer)).toBe(code),
)

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
const google = (tokenUrl: string): GoogleCloud => ({
  ...{ kind: 'google', project: 'acme', location: 'europe-west4', clientEmail: 'bot@acme.test', keyId: 'k1', tokenUrl },
  privateKey: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
})
const generated = {
  modelVersion: 'gemini-2.5-flash-001',
  candidates: [{ finishReason: 'STOP', content: { parts: [{ text }] } }],
  usageMetadata: { promptTokenCount: 11, cachedContentTokenCount: 6, candidatesTokenCount: 7 },
}
const startVertex = async (token: unknown = { access_token: 'ya29.t', expires_in: 3599 }, status = 200) => {
  const provider = await start((response, { path }) =>
    path === '/token' ? json(response, token, status) : json(response, generated),
  )
  const cloud = google(`${provider.url}/token`)
  const settings = { provider: 'vertex-ai', model: 'gemini-2.5-flash', cloud, baseUrl: provider.url, maxTokens: 99 }
  return { provider, model: createModel(settings), tokenUrl: cloud.tokenUrl }
}

test('vertex-ai: a token for an assertion of the service account, once, then :generateContent with it', async () => {
  const { provider, model, tokenUrl } = await startVertex()
  expect(await model.next(prompt)).toMatchObject({
    ok: true,
    step: STEP,
    call: { model: 'gemini-2.5-flash-001', input_tokens: 11, output_tokens: 7, cached_tokens: 6 },
  })
  await model.next(prompt)
  const [token, ...asked] = provider.seen
  const form = new URLSearchParams(token?.text)
  expect(form.get('grant_type')).toBe('urn:ietf:params:oauth:grant-type:jwt-bearer')
  const { payload, protectedHeader } = await jwtVerify(form.get('assertion') ?? '', keys.publicKey)
  expect(protectedHeader).toEqual({ alg: 'RS256', typ: 'JWT', kid: 'k1' })
  expect(payload).toMatchObject({
    iss: 'bot@acme.test',
    aud: tokenUrl,
    scope: expect.stringContaining('cloud-platform'),
  })
  expect(Number(payload.exp) - Number(payload.iat)).toBe(3_600)
  expect(asked.map(({ path }) => path)).toEqual(
    Array(2).fill('/v1/projects/acme/locations/europe-west4/publishers/google/models/gemini-2.5-flash:generateContent'),
  )
  expect(asked[0]?.headers).toMatchObject({ authorization: 'Bearer ya29.t' })
  expect(asked[0]?.headers).not.toHaveProperty('x-goog-api-key')
  expect(asked[0]?.body).toMatchObject({ generationConfig: { maxOutputTokens: 99 }, contents: [{ role: 'user' }] })
})

test.each([
  [400, { error: 'invalid_grant' }, 'model_refused_key'],
  [503, {}, 'model_unavailable'],
  [200, {}, 'model_unreadable'],
])('vertex-ai: where the token is answered %i %j the model is not asked', async (status, body, code) => {
  const { provider, model } = await startVertex(body, status)
  expect(outcome(await model.next(prompt))).toBe(code)
  expect(provider.seen.map(({ path }) => path)).toEqual(['/token'])
})

test('without credentials of its kind neither is there', () => {
  expect(() => createModel({ provider: 'aws-bedrock', model: 'm' })).toThrow('aws-bedrock takes credentials of aws')
  expect(() => createModel({ provider: 'vertex-ai', model: 'm', cloud: aws })).toThrow('takes credentials of google')
  expect(() => createModel({ provider: 'openai', model: 'm', cloud: aws })).toThrow('openai takes a key')
})
