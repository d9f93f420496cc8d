import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createMailCodes, createMailIds } from '../../src/channels/email.ts'
import type { Policy } from '../../src/thread/policy.ts'
import { signatureOf } from '../support/standard-webhook.ts'
import { policy } from '../thread/spec.ts'
import { approving, approvingTwice, arranged } from './arranged.ts'
import { open } from './github/support.ts'

const FROM = 'bot@acme.test'
const secret = `whsec_${Buffer.from('a secret that is long enough').toString('base64')}`
const ids = createMailIds('a secret of sixteen', FROM)
const codes = createMailCodes('a secret of sixteen')
const coded = {
  ...policy.environments['production'],
  email_code: true,
  self_approval: false,
} as Policy['environments'][string]
const vault = { ...policy.environments['vault'], email_code: true } as Policy['environments'][string]
const people = {
  ...policy.people,
  lead: { email: 'lead@acme.test' },
  dev: { email: 'dev@acme.test' },
  oncall: { email: 'oncall@acme.test' },
}
const rules = { ...policy, people, environments: { ...policy.environments, production: coded, vault } }

type App = Awaited<ReturnType<typeof open>>
let app: App
let vouching: App
let without: App
beforeAll(async () => {
  const mailIn = { ids, from: FROM, secret, codes }
  app = await open({ policy: rules, mailIn }, afterAll)
  vouching = await open({ policy: { ...rules, email: { allow: [], authserv_id: 'mx.acme.test' } }, mailIn }, afterAll)
  without = await open({ policy: { ...rules, environments: policy.environments }, mailIn }, afterAll)
})
beforeEach(() => app.mark())

let count = 0
const send = async (at: App, thread: { id: string; seq: number }, words: string, more: Record<string, string> = {}) => {
  count += 1
  const headers = {
    From: 'lead@acme.test',
    Subject: 'Re: approve',
    'Message-ID': `<c${count}@mail.test>`,
    'In-Reply-To': ids.mint({ thread_id: thread.id, seq: thread.seq }, 'x'),
    ...more,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const body = `${lines.join('\r\n')}\r\n\r\n${words}\r\n`
  return at.call('/webhooks/email', {
    method: 'POST',
    headers: { 'content-type': 'message/rfc822', ...signatureOf(secret, body) },
    body,
  })
}

/** A thread that waits for approval, and the code that was sent to that person so many seconds ago. */
const waiting = async (at: App, person = 'lead', ago = 0, inputs = approving) => {
  const thread = await arranged(at.store, inputs)
  const { events, now } = await at.store.log.load(thread.id)
  const asked = events.find(({ type }) => type === 'approval_requested')
  const args_hash = asked?.type === 'approval_requested' ? asked.data.args_hash : ''
  const sent = new Date(Date.parse(now) - ago * 1_000).toISOString()
  return { ...thread, args_hash, code: codes.mint({ thread_id: thread.id, seq: thread.seq, person, args_hash }, sent) }
}
const typesOf = async (at: App, id: string) => (await at.store.log.load(id)).events.map(({ type }) => type)
const QUOTE = '\n\nOn Wed, Nov 25, 2026 at 2:02 PM Deploybot <bot@acme.test> wrote:\n> the code: '

describe('a reply with the code', () => {
  test('approves, as that person', async () => {
    const thread = await waiting(app)
    expect((await send(app, thread, `${thread.code.toLowerCase()}${QUOTE}${thread.code}`)).body).toEqual({ ok: true })
    expect((await app.store.log.load(thread.id)).events.at(-1)).toMatchObject({
      type: 'approval_given',
      data: { to: thread.seq, args_hash: thread.args_hash },
      actor: { kind: 'person', id: 'lead', via: 'email code' },
    })
  })

  test('approves once: not again when the approval was taken back', async () => {
    const thread = await waiting(app, 'lead', 0, approvingTwice)
    const given = async () => (await typesOf(app, thread.id)).filter((type) => type === 'approval_given').length
    await Promise.all([send(app, thread, thread.code), send(app, thread, thread.code)])
    expect(await given()).toBe(1)
    const actor = { kind: 'person', id: 'lead' } as const
    await app.door.handle(thread.id, { type: 'respond', to: thread.seq, withdrawn: true, actor })
    const { length } = await typesOf(app, thread.id)
    expect((await send(app, thread, thread.code)).status).toBe(200)
    expect(await typesOf(app, thread.id)).toHaveLength(length)
    expect(await given()).toBe(1)
  })

  test('sent twice does not void what it approved', async () => {
    const thread = await waiting(app)
    await send(app, thread, thread.code)
    await send(app, thread, thread.code)
    expect((await typesOf(app, thread.id)).at(-1)).toBe('approval_given')
  })

  test('is not kept: neither in the log of the thread nor in a row nor in a line', async () => {
    const thread = await waiting(app)
    await send(app, thread, thread.code)
    const bare = thread.code.replace('-', '')
    const rows = JSON.stringify([(await app.store.log.load(thread.id)).events, app.lines])
    const { rows: deliveries } = await app.store.pool.query('select * from deliveries')
    expect(deliveries.filter(({ source }) => source === 'email code')).not.toHaveLength(0)
    for (const kept of [thread.code, bare]) expect(`${rows}${JSON.stringify(deliveries)}`).not.toContain(kept)
  })

  test.each<
    [
      string,
      (
        at: App,
      ) => Promise<{ thread: Awaited<ReturnType<typeof waiting>>; words?: string; more?: Record<string, string> }>,
    ]
  >([
    ['that is older than ten minutes', async (at) => ({ thread: await waiting(at, 'lead', 601) })],
    ['that was sent to somebody else', async (at) => ({ thread: await waiting(at, 'oncall') })],
    ['from an address of nobody', async (at) => ({ thread: await waiting(at), more: { From: 'x@acme.test' } })],
    ['of another thread', async (at) => ({ thread: await waiting(at), words: (await waiting(at)).code })],
    [
      'in a sentence',
      async (at) => {
        const thread = await waiting(at)
        return { thread, words: `${thread.code} but wait until noon` }
      },
    ],
    [
      'that is only quoted',
      async (at) => {
        const thread = await waiting(at)
        return { thread, words: `no, not now${QUOTE}${thread.code}` }
      },
    ],
    ['that is made up', async (at) => ({ thread: await waiting(at), words: 'ABCD-EFGH' })],
    ['by a machine', async (at) => ({ thread: await waiting(at), more: { 'Auto-Submitted': 'auto-replied' } })],
  ])('%s approves nothing', async (_, given) => {
    const { thread, words = thread.code, more = {} } = await given(app)
    await send(app, thread, words, more)
    expect(await typesOf(app, thread.id)).not.toContain('approval_given')
  })

  test('of somebody who may not approve their own order is refused, and the question stands', async () => {
    const thread = await waiting(app, 'dev')
    expect((await send(app, thread, thread.code, { From: 'dev@acme.test' })).body.ignored).toBe('not_yours_to_answer')
    expect((await typesOf(app, thread.id)).at(-1)).toBe('approval_requested')
  })

  test('after words is dead: they void what was asked', async () => {
    const thread = await waiting(app)
    await send(app, thread, 'what does it change?')
    await send(app, thread, thread.code)
    expect(await typesOf(app, thread.id)).not.toContain('approval_given')
  })

  test('where policy has no codes is words', async () => {
    const thread = await waiting(without)
    await send(without, thread, thread.code)
    expect(await typesOf(without, thread.id)).not.toContain('approval_given')
    expect((await typesOf(without, thread.id)).at(-1)).toBe('message')
  })

  test('needs a sender who is vouched for, where a server is named that vouches', async () => {
    const forged = await waiting(vouching)
    await send(vouching, forged, forged.code)
    expect(await typesOf(vouching, forged.id)).not.toContain('approval_given')
    const honest = await waiting(vouching)
    const results = 'mx.acme.test; dmarc=pass header.from=acme.test'
    await send(vouching, honest, honest.code, { 'Authentication-Results': results })
    expect(await typesOf(vouching, honest.id)).toContain('approval_given')
  })
})
