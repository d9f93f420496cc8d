import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ConfigError, readConfig } from '../../src/config.ts'

const ROOT = join(import.meta.dirname, '../..')
const problems = (env: NodeJS.ProcessEnv): string[] => {
  try {
    readConfig(env, ROOT)
    return []
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
}

/** A key file as Google gives it out, but for what is said otherwise. */
const accountFile = (more: object | string = {}): string => {
  const directory = mkdtempSync(join(tmpdir(), 'deploybot-cloud-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const account = {
    type: 'service_account',
    project_id: 'acme',
    private_key_id: 'k1',
    private_key: pem,
    client_email: 'bot@acme.test',
    token_uri: 'https://oauth2.googleapis.com/token',
  }
  const file = join(directory, 'key.json')
  writeFileSync(file, typeof more === 'string' ? more : JSON.stringify({ ...account, ...more }))
  return file
}
const pem = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()

const bedrock = { LLM_PROVIDER: 'aws-bedrock', LLM_MODEL: 'm', AWS_REGION: 'eu-central-1' }
const keys = { AWS_ACCESS_KEY_ID: 'AKID', AWS_SECRET_ACCESS_KEY: 's3cret' }
const vertex = { LLM_PROVIDER: 'vertex-ai', LLM_MODEL: 'm', GOOGLE_CLOUD_LOCATION: 'europe-west4' }

test("Bedrock is set up by AWS' own variables", () => {
  expect(readConfig({ ...bedrock, ...keys, AWS_SESSION_TOKEN: 't' }, ROOT).model).toEqual({
    ...{ provider: 'aws-bedrock', model: 'm', apiKey: null, baseUrl: null },
    cloud: { kind: 'aws', region: 'eu-central-1', accessKeyId: 'AKID', secretAccessKey: 's3cret', sessionToken: 't' },
  })
})

test("Vertex AI is set up by Google's, and the key file of a service account", () => {
  const cloud = {
    ...{ kind: 'google', project: 'acme', location: 'europe-west4', clientEmail: 'bot@acme.test' },
    ...{ privateKey: pem, keyId: 'k1', tokenUrl: 'https://oauth2.googleapis.com/token' },
  }
  const env = { ...vertex, GOOGLE_APPLICATION_CREDENTIALS: accountFile() }
  expect(readConfig(env, ROOT).model).toMatchObject({ provider: 'vertex-ai', cloud })
  expect(readConfig({ ...env, GOOGLE_CLOUD_PROJECT: 'other' }, ROOT).model?.cloud).toMatchObject({ project: 'other' })
})

test('what is missing is named, each variable, and no key is repeated', () => {
  expect(problems({ LLM_PROVIDER: 'aws-bedrock', LLM_MODEL: 'm' })).toEqual([
    'AWS_REGION: is missing for aws-bedrock',
    'AWS_ACCESS_KEY_ID: is missing for aws-bedrock',
    'AWS_SECRET_ACCESS_KEY: is missing for aws-bedrock',
  ])
  expect(problems({ LLM_PROVIDER: 'vertex-ai', LLM_MODEL: 'm' })).toEqual([
    'GOOGLE_CLOUD_LOCATION: is missing for vertex-ai',
    'GOOGLE_APPLICATION_CREDENTIALS: is missing for vertex-ai',
  ])
  expect(problems({ ...bedrock, ...keys, LLM_API_KEY: 'k3y' })).toEqual([
    'LLM_API_KEY: is not read for aws-bedrock, which has credentials of its own',
  ])
})

test('as the second model they take the same variables', () => {
  const first = { LLM_PROVIDER: 'ollama', LLM_MODEL: 'm' }
  const second = { LLM_FALLBACK_PROVIDER: 'aws-bedrock', LLM_FALLBACK_MODEL: 'n' }
  expect(problems({ ...first, ...second, ...keys })).toEqual(['AWS_REGION: is missing for aws-bedrock'])
})

test.each([
  ['is not there', () => '/nowhere/key.json', 'must be a file that can be read and holds a JSON object'],
  ['is no JSON', () => accountFile('{'), 'must be a file that can be read and holds a JSON object'],
  ['is of a person', () => accountFile({ type: 'authorized_user' }), /must be the key of a service account/],
  ['has no key', () => accountFile({ private_key: 'x' }), 'holds no client_email, or no private_key that can be read'],
  ['names no address', () => accountFile({ token_uri: 'x' }), 'holds a token_uri that is no address'],
])('a key file that %s is refused', (_, file, why) => {
  const [problem, ...more] = problems({ ...vertex, GOOGLE_APPLICATION_CREDENTIALS: file() })
  expect(problem).toMatch(/^GOOGLE_APPLICATION_CREDENTIALS: /)
  expect(problem).toMatch(why)
  expect(more).toEqual([])
})

test('and one without a project needs it named', () =>
  expect(problems({ ...vertex, GOOGLE_APPLICATION_CREDENTIALS: accountFile({ project_id: '' }) })).toEqual([
    'GOOGLE_CLOUD_PROJECT: is missing for vertex-ai, and the service account does not name one',
  ]))
