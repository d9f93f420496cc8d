import { expect, test } from 'vitest'
import { createLogger } from '../../src/telemetry/logger.ts'

const SECRET = 'ghs_0123456789abcdef'

const logged = (fields: object): string => {
  const lines: string[] = []
  createLogger('info', { write: (line) => void lines.push(line) }).error(fields, 'x')
  return lines.join('')
}

test.each<[string, object]>([
  ['a header', { headers: { authorization: `Bearer ${SECRET}` } }],
  ["a request's header", { req: { headers: { authorization: `Bearer ${SECRET}`, cookie: SECRET } } }],
  ['a signature', { headers: { 'x-hub-signature-256': SECRET } }],
  ['a token', { token: SECRET }],
  ['a key', { apiKey: SECRET }],
  [
    "a client's error, which carries its request",
    { err: Object.assign(new Error('422'), { request: { headers: { authorization: `token ${SECRET}` } } }) },
  ],
  ["BAML's error, which carries the prompt", { err: Object.assign(new Error('bad reply'), { prompt: SECRET }) }],
  ['a long message', { err: new Error(`${'.'.repeat(1_000)}${SECRET}`) }],
  ['a cause', { err: new Error('outer', { cause: Object.assign(new Error('inner'), { detail: SECRET }) }) }],
])('%s with a secret in it is logged without the secret', (_, fields) => {
  expect(logged(fields)).not.toContain(SECRET)
  expect(logged(fields)).toContain('"level":50')
})

test('an error is logged with its kind, its code, where it happened and why', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  expect(JSON.parse(logged({ err: new TypeError('fetch failed', { cause }) })).err).toMatchObject({
    type: 'TypeError',
    message: 'fetch failed',
    stack: expect.stringMatching(/^ {4}at .*logger\.test\.ts/),
    cause: { type: 'Error', code: 'ECONNREFUSED', message: 'connect ECONNREFUSED' },
  })
})
