import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { redactorOf, redactUsual } from '../../../src/thread/context/redact.ts'
import type { Input } from '../../../src/thread/input.ts'
import { renderThread } from '../../../src/thread/prompt.ts'
import {
  approves,
  asked,
  call,
  looked,
  policy,
  prepared,
  proposed,
  rules,
  said,
  selected,
  story,
  toolFails,
} from '../spec.ts'

const JWT = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N'
const KEY = `-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7${'a1B2/+'.repeat(40)}\n-----END RSA PRIVATE KEY-----`
// In parts, as scanners of repositories take whole ones for real.
const SECRETS: [what: string, secret: string][] = [
  ['a GitHub token', `ghp_${'a1B2'.repeat(9)}`],
  ['a fine-grained GitHub token', `github_pat_${'11AAB_cd'.repeat(8)}`],
  ['an AWS key id', `AKIA${'ABCDEFGH'.repeat(2)}`],
  ['a JWT', JWT],
  ['a private key', KEY],
  ['a Slack token', `xoxb-${'1234567890-'.repeat(2)}abcdef`],
  ['a model key', `sk-${'a1B2'.repeat(10)}`],
  ['a token of ours', `dbt_${'a1B2'.repeat(10)}`],
]
const NAMED: [text: string, secret: string][] = [
  ['Authorization: Bearer abc123def456ghi', 'abc123def456ghi'],
  ['password=hunter2', 'hunter2'],
  ['DB_PASSWORD = "s3cr3t!pass"', 's3cr3t!pass'],
  ['aws_secret_access_key=wJalrXUtnFEMI/K7MDENG', 'wJalrXUtnFEMI'],
  ['api_key: a1b2c3d4e5f6', 'a1b2c3d4e5f6'],
  ['{"token":"a1b2c3d4e5f6"}', 'a1b2c3d4e5f6'],
  ['postgres://app:pa55word@db.test:5432/shop', 'pa55word'],
]

describe('redacted is', () => {
  test.each(SECRETS)('%s, wherever it stands', (_, secret) => {
    expect(redactUsual(`before ${secret} after`)).toBe('before [redacted] after')
    expect(redactUsual(`deploy backend with (${secret}), please`)).not.toContain(secret.slice(8))
  })
  test.each(NAMED)('what is named as one: %s', (text, secret) => expect(redactUsual(text)).not.toContain(secret))
  test.each([
    'deploy backend v1.2.3 to production',
    '73e95c5ebd7de8f3a32ffcc3283d87b1e48f8582',
    'Refuse a token: the second one, after logout',
    'Reset password: show the right page',
    'bearer of good news',
    'https://github.com/acme/shop/actions/runs/42',
    '01890a5d-ac96-774b-bcce-b302099a8057-8',
    `${'a1'.repeat(32)}`,
  ])('not: %s', (text) => expect(redactUsual(text)).toBe(text))

  test('what the team names, beside that', () => {
    const redact = redactorOf({ redact: ['CUST-\\d+', '(?i:internal)\\.acme\\.test'] })
    expect(redact('CUST-4711 on INTERNAL.acme.test, password=x1y2z3')).toBe(
      '[redacted] on [redacted], password=[redacted]',
    )
  })
  test('the same when it is redacted again', () =>
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            fc.string({ maxLength: 20 }),
            fc.constantFrom(...SECRETS.map(([, one]) => one), ...NAMED.map(([one]) => one)),
          ),
        ),
        (parts) => {
          const text = redactUsual(parts.join(' '))
          expect(redactUsual(text)).toBe(text)
        },
      ),
    ))
  test('soon, also where somebody wants it to take long', () => {
    const hostile = [
      '-',
      'a',
      'token',
      'eyJ',
      'a://',
      'a:/',
      'bearer ',
      'password=',
      '-----BEGIN A PRIVATE KEY-----',
      'ghp_',
      'a-',
      '0x',
    ]
    const began = performance.now()
    for (const part of hostile) redactUsual(part.repeat(20_000 / part.length))
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})

describe('a secret that somebody writes', () => {
  const [, secret] = SECRETS[0] as [string, string]
  const failed: Input = { type: 'model_failed', code: 'model_failed', message: secret, call }
  const everywhere = [
    { ...asked(`deploy backend v1.2.3 to production with ${secret}`), context: { note: [secret] } },
    looked,
    proposed,
    prepared({ commits: [{ sha: 'a'.repeat(40), message: `Add ${secret}`, author: 'ann', date: '' }] }),
    said(`also ${secret}`),
    looked,
    failed,
    selected({ intent: 'request_more_information', question: `why ${secret}?` }),
  ]
  test('is not written down', () => {
    const { events } = story(everywhere)
    expect(JSON.stringify(events)).not.toContain(secret)
    expect(events[0]?.data).toMatchObject({ title: 'deploy backend v1.2.3 to production with [redacted]' })
  })
  test('is not shown where it was written down before', () => {
    const events = story([asked(), looked]).events.map((event) =>
      event.type === 'message' ? { ...event, data: { message: `with ${secret}` } } : event,
    )
    expect(renderThread(events)).toContain('with [redacted]')
  })
  test('nor is what the team has named', () => {
    const by = { ...rules, policy: { ...policy, redact: ['CUST-\\d+'] } }
    const { events } = story([asked('for CUST-4711')], by)
    expect(JSON.stringify(events)).not.toContain('4711')
    expect(renderThread(story([asked('for CUST-4711')]).events, undefined, by.policy)).not.toContain('4711')
  })
  test('leaves what an approval binds to as it is', () => {
    // A pattern that fits a commit, a tag and every hash.
    const by = { ...rules, policy: { ...policy, redact: ['[0-9a-f]{12,}', 'v1[.\\d]+'] } }
    const steps = [asked(), looked, proposed, prepared(), approves(), prepared()]
    const plain = story(steps).events.find(({ type }) => type === 'tool_started')
    const redacted = story(steps, by)
    expect(redacted.events.find(({ type }) => type === 'tool_started')?.data).toEqual(plain?.data)
    expect(redacted.state.status).toBe('running')
  })
  test('also in the error of a tool', () =>
    expect(JSON.stringify(story([asked(), looked, proposed, toolFails(secret)]).events)).toContain('"error"'))
})
