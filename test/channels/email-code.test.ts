import { describe, expect, onTestFinished, test } from 'vitest'
import { createEmailChannel, createMailCodes, createMailIds } from '../../src/channels/email.ts'
import type { Policy } from '../../src/thread/policy.ts'
import { policy } from '../thread/spec.ts'
import { approvalAsked, THREAD, wordsAsked } from './asked.ts'
import { startMailbox } from './mailbox.ts'
import { noticeAt } from './notice.ts'

const FROM = 'bot@acme.test'
const NOW = '2026-11-25T11:00:10.000Z'
const codes = createMailCodes('a secret of sixteen')
const bound = { thread_id: THREAD, seq: 6, person: 'lead', args_hash: 'h' }
const later = (seconds: number): string => new Date(Date.parse(NOW) + seconds * 1_000).toISOString()

describe('a code', () => {
  const code = codes.mint(bound, NOW)

  test('is eight characters that nobody mistakes for each other', () =>
    expect(code).toMatch(/^[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}$/))

  test.each([code, code.toLowerCase(), code.replace('-', ''), ` ${code}\n`, code.replace('-', ' - ')])(
    'is known as %j',
    (words) => expect(codes.fits(bound, words, later(1))).toBe(true),
  )

  test('is good for ten minutes, and not for more', () => {
    expect(codes.fits(bound, code, later(9.5 * 60))).toBe(true)
    expect(codes.fits(bound, code, later(10 * 60))).toBe(false)
    expect(codes.fits(bound, code, later(-60))).toBe(false)
  })

  test.each<[string, Partial<typeof bound>]>([
    ['another thread', { thread_id: THREAD.replace('0', '1') }],
    ['another question', { seq: 7 }],
    ['another person', { person: 'oncall' }],
    ['other arguments', { args_hash: 'i' }],
  ])('is none for %s', (_, other) => expect(codes.fits({ ...bound, ...other }, code, NOW)).toBe(false))

  test.each(['', 'yes', `${code}x`, `${code} ok`, code.slice(1), '\u0000'.repeat(8)])('is not %j', (words) =>
    expect(codes.fits(bound, words, NOW)).toBe(false),
  )

  test('of another secret is none', () =>
    expect(createMailCodes('another secret here').fits(bound, code, NOW)).toBe(false))
})

describe('a request for approval', () => {
  const coded = { ...policy.environments['production'], email_code: true } as Policy['environments'][string]
  const rules: Pick<Policy, 'environments' | 'people'> = {
    environments: { ...policy.environments, production: coded },
    people: { ...policy.people, lead: { email: 'Lead@acme.test' }, dev: { email: 'dev@acme.test' } },
  }
  const notice = (more: object = {}, to = 'lead@acme.test') =>
    noticeAt(
      { email: { to } },
      { kind: 'request', thread_id: THREAD, person: 'lead', question: approvalAsked(), ...more },
    )

  const mailFor = async (given: ReturnType<typeof notice>, by = rules, repliesHeard = true) => {
    const { url, got } = await startMailbox()
    const ids = createMailIds('a secret of sixteen', FROM)
    const options = { from: FROM, publicUrl: 'https://bot.test', ids, repliesHeard, now: async () => NOW }
    const channel = createEmailChannel({ ...options, smtpUrl: url, byCode: { codes, policy: by } })
    onTestFinished(() => channel.close())
    expect(await channel.deliver(given)).toMatchObject({ ok: true })
    return got[0]?.mail
  }

  test('carries a code for its reader where policy allows it', async () => {
    const mail = await mailFor(notice())
    const code = codes.mint(bound, NOW)
    expect(mail?.text).toContain(`replying with nothing but this code`)
    expect(mail?.text).toContain(code)
    expect(mail?.html).toContain(code)
    expect(mail?.text).toContain('Any other reply approves nothing.')
  })

  test('carries one in a conversation with an approver too', async () =>
    expect((await mailFor(notice({ person: null }, 'Lead@Acme.test')))?.text).toContain(codes.mint(bound, NOW)))

  test.each<[string, object, string?]>([
    ['to another address than theirs', {}, 'list@acme.test'],
    ['to somebody who may not approve', { person: 'dev' }, 'dev@acme.test'],
    ['to somebody who has approved', { question: approvalAsked({ approved_by: ['lead'] }) }],
    [
      'to whoever asked for it and may not approve their own',
      { story: { title: 't', results: [], approved_by: [], end: null, asked_by: ['lead'] } },
    ],
    ['of what is blocked', { question: approvalAsked({ blocked: [{ code: 'frozen', message: 'weekend' }] }) }],
    ['that is answered', { question: approvalAsked({}, { open: false }) }],
    ['that asks for words', { question: wordsAsked('Which tag?') }],
    ['of another environment', { question: approvalAsked({ environment: 'vault' }) }],
  ])('%s carries none', async (_, more, to) => {
    const mail = await mailFor(notice(more, to))
    expect(mail?.text).not.toMatch(/this code/)
    expect(mail?.text).not.toMatch(/[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}/)
  })

  test('carries none where replies are not heard, or policy says nothing of it', async () => {
    expect((await mailFor(notice(), rules, false))?.text).not.toMatch(/this code/)
    expect((await mailFor(notice(), { ...rules, environments: policy.environments }))?.text).not.toMatch(/this code/)
  })
})
