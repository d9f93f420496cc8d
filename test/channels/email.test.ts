import { describe, expect, onTestFinished, test } from 'vitest'
import { createEmailChannel, createMailIds } from '../../src/channels/email.ts'
import type { EmailAddress } from '../../src/thread/contact/address.ts'
import type { News } from '../../src/thread/contact/question.ts'
import { approvalAsked, THREAD, wordsAsked } from './asked.ts'
import { startMailbox } from './mailbox.ts'
import { noticeAt } from './notice.ts'

const FROM = 'Deploybot <bot@acme.test>'
const NOW = '2026-11-25T11:00:00.000Z'
const ids = createMailIds('a secret of sixteen', FROM)

const channelTo = (smtpUrl: string, repliesHeard = true) => {
  const now = () => Promise.resolve(NOW)
  const channel = createEmailChannel({ smtpUrl, from: FROM, publicUrl: 'https://bot.test', ids, repliesHeard, now })
  onTestFinished(() => channel.close())
  return channel
}

type Mailed = ReturnType<typeof noticeAt<{ email: EmailAddress }>>
const to = (more: Partial<Mailed> = {}, email: Partial<EmailAddress> = {}): Mailed =>
  noticeAt({ email: { to: 'lead@acme.test', ...email } }, { thread_id: THREAD, ...more })
const request = (asked = approvalAsked()): Mailed => to({ kind: 'request', question: asked })

const lastOf = <T>(got: T[]): T => {
  const last = got.at(-1)
  if (!last) throw new Error('no mail came')
  return last
}

describe('a request for approval', () => {
  test('says in text and in HTML what would ship, who may say yes, until when, and where', async () => {
    const { url, got } = await startMailbox()
    const story = { title: 't', results: [], approved_by: [], end: null, asked_by: ['dev'] }
    const pull_requests = [{ number: 7, title: 'Cart', author: 'ann', url: 'https://gh.test/pull/7' }]
    const files = { total: 40, paths: ['src/cart.ts'] }
    const asked = approvalAsked({ pull_requests, files, compare_url: 'https://gh.test/compare' })
    expect(await channelTo(url).deliver({ ...request(asked), story })).toMatchObject({ ok: true })
    const { mail, envelope } = lastOf(got)
    expect(envelope).toEqual({ from: 'bot@acme.test', to: ['lead@acme.test'] })
    expect(mail.subject).toBe('[deploybot] approve backend v1.2.3 → production')
    const page = `https://bot.test/threads/${THREAD}`
    for (const part of [
      'backend → production',
      'v1.2.3',
      'aaaaaaa',
      'v1.2.2',
      'bbbbbbb',
      '1 commit, forward',
      'https://gh.test/compare',
      'Add cart',
      'ann',
      '#7 Cart',
      'src/cart.ts',
      '… and 39 more',
      'dev',
      'lead, oncall',
      '2 needed, given by oncall',
      '12:00 UTC, Wed 25 Nov 2026',
      '60 minutes after this was sent',
      page,
      'A reply approves nothing.',
    ]) {
      expect(mail.text).toContain(part)
      expect(mail.html).toContain(part)
    }
    expect(mail.html).toContain(`<a class="button" href="${page}"`)
  })

  test('says before anything else what a yes overrides, and what else must not be overlooked', async () => {
    const { url, got } = await startMailbox()
    const blocked = [{ code: 'frozen' as const, message: 'production is frozen: weekend' }]
    const busy = { thread_id: THREAD, title: 'another' }
    const stage = { environment: 'staging', succeeded: false } as const
    await channelTo(url).deliver(request(approvalAsked({ blocked, break_glass: ['lead'], busy, stage })))
    expect(lastOf(got).mail.text).toMatch(
      /^!!! Approve [\s\S]*!!! A yes overrides: production is frozen: weekend\s+!!! Only lead may override that, saying why\.\s+!!! It has not succeeded on staging\.\s+!!! Another thread deploys there now[\s\S]*Look and decide/,
    )
  })

  test.each([
    ['backward', 'ROLLBACK'],
    ['diverged', 'DIVERGED'],
  ] as const)('says it loudly where it goes %s', async (direction, words) => {
    const { url, got } = await startMailbox()
    await channelTo(url).deliver(request(approvalAsked({ direction })))
    expect(lastOf(got).mail.text).toMatch(new RegExp(`!!! ${words}`))
    expect(lastOf(got).mail.html).toMatch(new RegExp(`class="alert"[^>]*>${words}`))
  })

  test('is no mail that a machine would answer, and says where an answer goes', async () => {
    const { url, got } = await startMailbox()
    await channelTo(url).deliver(request())
    const { mail, raw } = lastOf(got)
    expect(raw).toMatch(/^Auto-Submitted: auto-generated\r$/m)
    expect(raw).toMatch(/^X-Auto-Response-Suppress: All\r$/m)
    expect(raw).toMatch(/^List-Id: Deploybot <deploybot\.acme\.test>\r$/im)
    expect(mail.replyTo?.text).toMatch(/bot@acme\.test/)
    await channelTo(url, false).deliver(request())
    expect(lastOf(got).mail.replyTo).toBeUndefined()
    expect(lastOf(got).mail.text).toContain('Replies to this mail are not read')
  })
})

describe('the conversation', () => {
  test('of a thread is one: what follows answers what came before, under the same subject', async () => {
    const { url, got } = await startMailbox()
    const channel = channelTo(url)
    const { ref = null } = await channel.deliver(request())
    const first = lastOf(got).mail
    expect(ids.read(first.messageId ?? '')).toEqual({ thread_id: THREAD, seq: 6 })
    expect(first.inReplyTo).toBeUndefined()
    const news: News[] = [{ what: 'approved', by: 'lead', via: 'slack', at: '2026-11-25T14:02:10.000Z', words: '' }]
    const question = approvalAsked({}, { open: false, news })
    const second = await channel.deliver(to({ kind: 'update', seq: 7, question, ref }))
    const { mail } = lastOf(got)
    expect(mail.subject).toBe(`Re: ${first.subject}`)
    expect(mail.inReplyTo).toBe(first.messageId)
    expect([mail.references].flat()).toContain(first.messageId)
    expect(mail.messageId).not.toBe(first.messageId)
    expect(mail.text).toContain('Approved by lead in Slack at 14:02 UTC. Nothing to do for you.')
    await channel.deliver(to({ kind: 'notice', seq: 9, ref: second.ref ?? null }))
    expect(lastOf(got).mail.subject).toBe(`Re: ${first.subject}`)
    expect(lastOf(got).mail.references).toHaveLength(3)
  })

  test('that began with a mail goes on there', async () => {
    const { url, got } = await startMailbox()
    const address = { subject: 'Please deploy', in_reply_to: '<m1@mail.test>', references: ['<m0@mail.test>'] }
    await channelTo(url).deliver(to({ question: wordsAsked('Which tag?', ['v1', 'v2']) }, address))
    const { mail } = lastOf(got)
    expect(mail.subject).toBe('Re: Please deploy')
    expect(mail.inReplyTo).toBe('<m1@mail.test>')
    expect([mail.references].flat().slice(0, 2)).toEqual(['<m0@mail.test>', '<m1@mail.test>'])
    expect(mail.text).toMatch(/Which tag\?[\s\S]*- v1\n- v2[\s\S]*reply to this mail with your answer/)
  })

  test('sent again bears the same name, to somebody else another', async () => {
    const { url, got } = await startMailbox()
    const channel = channelTo(url)
    await channel.deliver(request())
    await channel.deliver(request())
    await channel.deliver(to({ kind: 'request', question: approvalAsked() }, { to: 'oncall@acme.test' }))
    const [first, again, other] = got.map(({ mail }) => mail.messageId)
    expect(again).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('a Message-ID', () => {
  const name = ids.mint({ thread_id: THREAD, seq: 6 }, 'x')
  test('is read whatever became of its letters', () =>
    expect(ids.read(name.toUpperCase())).toEqual({ thread_id: THREAD, seq: 6 }))

  test.each<[string, string]>([
    ['for another question', name.replace('.6.', '.7.')],
    ['for another thread', name.replace('01890a5d', '01890a5e')],
    ['with another token', name.replace(/.@/, (end) => (end[0] === '0' ? '1@' : '0@'))],
    ['of another domain', name.replace('acme.test', 'evil.test')],
    ['with something behind it', `${name}x`],
    ['without a token', `<${THREAD}.6.@acme.test>`],
    [
      'of a bot with another secret',
      createMailIds('another secret here', FROM).mint({ thread_id: THREAD, seq: 6 }, 'x'),
    ],
  ])('%s is none of ours', (_, forged) => expect(ids.read(forged)).toBeNull())
})

describe('hostile words', () => {
  const evil =
    '<script>alert(1)</script>"><img src=https://evil.test/x.png>\r\nBcc: all@acme.test\u202e\u0000 \u{1F600}'

  test('stay words: no markup, no header, nothing that reads backwards', async () => {
    const { url, got } = await startMailbox()
    const commits = [{ sha: 'a'.repeat(40), message: evil, author: evil, date: NOW }]
    const compare_url = 'javascript:alert(1)'
    const asked = approvalAsked({ tag: evil, service: evil, commits, compare_url, approvers: [evil], changed: [evil] })
    await channelTo(url).deliver(request(asked))
    const { mail, raw, envelope } = lastOf(got)
    expect(mail.html).not.toMatch(/<(script|img|iframe)|href="(?!https:\/\/bot\.test\/)|<[^>]* on\w+=/i)
    expect(mail.html).toContain('&lt;script&gt;')
    expect(mail.bcc).toBeUndefined()
    expect(raw).not.toMatch(/^Bcc:/im)
    expect(envelope.to).toEqual(['lead@acme.test'])
    for (const text of [mail.text, mail.html, mail.subject]) expect(text).not.toMatch(/[\p{Bidi_Control}\p{Cs}]/u)
    expect(mail.subject?.length).toBeLessThan(220)
  })

  test('in the subject of a conversation add no header', async () => {
    const { url, got } = await startMailbox()
    const address = { subject: evil, in_reply_to: '<a@b>\r\nBcc: x@y.test', references: ['<a@b>\r\nX: y'] }
    await channelTo(url).deliver(to({}, address))
    expect(lastOf(got).raw).not.toMatch(/^(Bcc|X):/im)
    expect(lastOf(got).envelope.to).toEqual(['lead@acme.test'])
  })

  test.each(['a@b.test, c@d.test', 'a@b.test\r\nBcc: x@y.test', 'Lead <a@b.test>', 'nobody', ''])(
    'an address that is more than one (%j) is not written to',
    async (address) => {
      const { url, got } = await startMailbox()
      const told = await channelTo(url).deliver(to({}, { to: address }))
      expect(told).toMatchObject({ ok: false })
      expect(told.retry_after_ms).toBeUndefined()
      expect(got).toEqual([])
    },
  )
})

describe('what goes wrong', () => {
  const refusing = (responseCode: number, message: string) => ({
    onRcptTo: (_: unknown, __: unknown, done: (error: Error) => void) =>
      done(Object.assign(new Error(message), { responseCode })),
  })

  test('for good is told in the words of the server', async () => {
    const { url } = await startMailbox(refusing(550, 'No such user here'))
    const told = await channelTo(url).deliver(request())
    expect(told).toEqual({ ok: false, message: expect.stringContaining('No such user here') })
  })

  test.each([
    [450, 'greylisted'],
    [421, 'too busy'],
  ])('for now (%i) is tried later', async (code, words) => {
    const { url } = await startMailbox(refusing(code, words))
    const told = await channelTo(url).deliver(request())
    expect(told).toMatchObject({ ok: false, message: expect.stringContaining(words), retry_after_ms: 60_000 })
  })

  test('on the way is tried later', async () =>
    expect(await channelTo('smtp://127.0.0.1:9').deliver(request())).toMatchObject({
      ok: false,
      retry_after_ms: 60_000,
    }))

  test('with our password is not', async () => {
    const refuse = { onAuth: (_: unknown, __: unknown, done: (error: Error) => void) => done(new Error('no')) }
    const { url } = await startMailbox({ ...refuse, allowInsecureAuth: true })
    const told = await channelTo(url.replace('//', '//u:wrong@')).deliver(request())
    expect(told).toMatchObject({ ok: false })
    expect(told.retry_after_ms).toBeUndefined()
    expect(told.message).not.toContain('wrong')
  })
})

describe('the mail server', () => {
  test('is signed in at, and nothing is sent', async () => {
    const { url, got } = await startMailbox()
    expect(await channelTo(url).verify()).toBe('the mail server lets us in')
    expect(got).toEqual([])
    await expect(channelTo('smtp://127.0.0.1:1').verify()).rejects.toThrow('ECONNREFUSED')
  })
})
