import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyText } from '../support/any-text.ts'
import { deployClaims, jobClaims } from '../support/issuer.ts'
import { type JobService, RULE, startJobService } from '../support/jobs.ts'

let bot: JobService
let id: string
beforeAll(async () => {
  bot = await startJobService({}, [RULE], afterAll)
  id = await bot.launch('deploy backend v1.2.3 to production')
  await bot.untilAsked(id, 'approval')
})

const send = async (
  path: string,
  body: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
  more: Record<string, string> = {},
) => {
  const headers = { 'content-type': type, ...more }
  const answer = await fetch(`${bot.url()}${path}`, { method: 'POST', headers, body })
  return { status: answer.status, body: JSON.parse(await answer.text()) }
}

const rows = async (): Promise<number> => (await bot.call('/threads?limit=100')).body.threads.length

describe('a body that is not what it should be is refused, and changes no row', () => {
  test.each<[string, string | Uint8Array<ArrayBuffer>, number, string]>([
    ['nothing', '', 400, 'bad_json'],
    ['half of it', '{"message":"deploy', 400, 'bad_json'],
    ['two objects', '{"message":"a"}{"message":"b"}', 400, 'bad_json'],
    ['a list', '[{"message":"a"}]', 400, 'invalid_request'],
    ['null', 'null', 400, 'invalid_request'],
    ['a key twice', '{"message":"a","message":"b"}', 400, 'duplicate_key'],
    ['a key twice, once escaped', '{"message":"a","m\\u0065ssage":"b"}', 400, 'duplicate_key'],
    ['NUL', '{"message":"a\\u0000b"}', 400, 'bad_text'],
    ['a lone surrogate', '{"message":"a\\ud800"}', 400, 'bad_text'],
    ['a lone surrogate in a key', '{"message":"a","context":{"\\udc00":1}}', 400, 'bad_text'],
    ['broken UTF-8', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400, 'bad_text'],
    ['__proto__', '{"message":"a","__proto__":{"x":1}}', 400, 'forbidden_key'],
    ['__proto__, escaped', '{"message":"a","context":{"\\u005f_proto__":{"x":1}}}', 400, 'forbidden_key'],
    ['constructor.prototype', '{"message":"a","context":{"constructor":{"prototype":{}}}}', 400, 'forbidden_key'],
    [
      'a depth of 10,000',
      `{"message":"a","context":{"x":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`,
      400,
      'too_deep',
    ],
    ['brackets that never close', '['.repeat(100_000), 400, 'too_deep'],
    ['a megabyte', `{"message":"${'x'.repeat(1_000_000)}"}`, 413, 'too_large'],
  ])('%s', async (_, body, status, code) => {
    const before = await rows()
    expect(await send('/threads', body)).toMatchObject({ status, body: { code, status } })
    expect(await rows()).toBe(before)
  })

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
    'as %s',
    async (type) =>
      expect(await send('/threads', '{"message":"a"}', type)).toMatchObject({
        status: 415,
        body: { code: 'unsupported_media_type' },
      }),
  )

  test('brackets and quotes inside of words are words', async () =>
    expect(
      (await send('/threads', JSON.stringify({ message: `what is live? ${'[{"'.repeat(50)} \\ \u202E עברית` }))).status,
    ).toBe(201))
})

const awkward = fc.oneof(
  anyText({ maxLength: 200 }),
  fc.constantFrom(
    '\u0000',
    '\ud800',
    '\u202Etxet',
    '\u200B',
    'раypal',
    '__proto__',
    '',
    ' ',
    'x'.repeat(30_000),
    '-1',
    'NaN',
    '1e309',
    "' or 1=1 --",
  ),
)
const value: fc.Arbitrary<unknown> = fc.oneof(
  awkward,
  fc.constantFrom(null, true, false, 0, -1, 1.5, 1e300, [], {}),
  fc.array(awkward, { maxLength: 3 }),
  fc.dictionary(awkward, awkward, { maxKeys: 3 }),
)
const field = fc.constantFrom(
  'message',
  'to',
  'approved',
  'response',
  'choice',
  'comment',
  'args',
  'reason',
  'at',
  'agent',
  'context',
  'reply_to',
  'x',
)
const bodies = fc.dictionary(field, value, { maxKeys: 5 }).map((body) => JSON.stringify(body))

describe('whatever is sent', () => {
  test.each(['/threads', '/threads/ID/messages', '/threads/ID/responses', '/threads/ID/fork', '/webhooks/github'])(
    '%s never answers with our mistake, and says what is wrong as a problem',
    async (path) => {
      await fc.assert(
        fc.asyncProperty(bodies, async (body) => {
          const answer = await send(path.replace('ID', id), body)
          expect(answer.status).toBeLessThan(500)
          if (answer.status >= 400)
            expect(answer.body).toMatchObject({ code: expect.any(String), status: answer.status })
        }),
        { numRuns: 60 },
      )
    },
  )

  test('by a job, and whatever its token says', async () => {
    const claims = fc.dictionary(
      fc.constantFrom(
        'jti',
        'repository',
        'ref',
        'sha',
        'workflow_ref',
        'event_name',
        'run_id',
        'run_attempt',
        'environment',
      ),
      fc.oneof(
        value,
        fc.string().map((text) => `acme/shop/.github/workflows/release.yml@${text}`),
      ),
      { maxKeys: 3 },
    )
    const paths = fc.constantFrom('/threads', `/dispatches/${id}-4/claim`, `/dispatches/${id}-1/claim`)
    await fc.assert(
      fc.asyncProperty(claims, bodies, paths, async (odd, body, path) => {
        const usual = path === '/threads' ? jobClaims() : deployClaims(7)
        // A token holds JSON, and no more than a header does: 16 KB, above which no request gets as far as us.
        const short = (_: string, item: unknown) => (typeof item === 'string' ? item.slice(0, 300) : item)
        const said = JSON.parse(JSON.stringify({ ...usual, ...odd }), short)
        const token = await bot.issuer.token(said).catch(() => 'a.b.c')
        const answer = await send(path, body, 'application/json', bot.bearer(token))
        expect(answer.status).toBeLessThan(500)
        if (answer.status >= 400) expect(answer.body).toMatchObject({ code: expect.any(String), status: answer.status })
      }),
      { numRuns: 80 },
    )
  })

  test('as a token', async () => {
    const part = fc.oneof(
      fc.base64String().map((text) => text.replace(/[^\w]/g, '')),
      fc.json({ maxDepth: 1 }).map((json) => Buffer.from(json).toString('base64url')),
      fc.constantFrom('', 'eyJhbGciOiJub25lIn0', 'eyJhbGciOiJSUzI1NiJ9'),
    )
    // What has an empty head or body is no JWT, and so none of ours to refuse.
    const some = part.filter((text) => text !== '')
    await fc.assert(
      fc.asyncProperty(fc.tuple(some, some, part), async (parts) => {
        for (const [path, body] of [
          ['/threads', '{"message":"x"}'],
          [`/dispatches/${id}-4/claim`, '{}'],
        ] as const) {
          const answer = await send(path, body, 'application/json', bot.bearer(parts.join('.')))
          expect(answer).toMatchObject({ status: 401, body: { status: 401 } })
        }
      }),
      { numRuns: 60 },
    )
  })

  test('in the address', async () => {
    await fc.assert(
      fc.asyncProperty(anyText({ maxLength: 60 }), async (text) => {
        fc.pre(text.isWellFormed())
        for (const path of [
          `/threads/${encodeURIComponent(text)}`,
          `/threads?cursor=${encodeURIComponent(text)}`,
          `/${encodeURIComponent(text)}`,
        ]) {
          expect((await fetch(`${bot.url()}${path}`)).status).toBeLessThan(500)
        }
      }),
      { numRuns: 50 },
    )
  })
})
