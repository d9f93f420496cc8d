import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Event } from '../../src/thread/event.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll)
})

const NOBODY = '01890a5d-ac96-774b-bcce-b302099a8057'
const isModel = ({ actor }: Event): boolean => actor.kind === 'model'
const ask = (message = 'deploy backend v1.2.3 to production') => bot.post('/threads', { message })

describe('POST /threads', () => {
  test('launches: 201, Location, and the thread', async () => {
    const { status, headers, body } = await ask()
    expect(status).toBe(201)
    expect(headers.get('location')).toBe(`/threads/${body.id}`)
    expect(body).toMatchObject({
      agent: 'deploy',
      title: 'deploy backend v1.2.3 to production',
      status: 'running',
      version: 2,
      waiting_for: null,
    })
    expect(body.events.map(({ type }: { type: string }) => type)).toEqual(['thread_launched', 'message'])
  })

  test('shows the context that the caller gave to the model', async () => {
    const { body } = await bot.post('/threads', { message: 'what is live?', context: { pull_request: 42 } })
    const prompt = await bot.call(`/threads/${body.id}/prompt`)
    expect(prompt.body.messages.at(-1).content).toContain('pull_request: 42')
  })

  test('with an Idempotency-Key launches once and says the same again', async () => {
    const key = { 'idempotency-key': 'build-77' }
    const first = await bot.post('/threads', { message: 'what is live?' }, key)
    const again = await bot.post('/threads', { message: 'what is live?' }, key)
    expect(again).toMatchObject({ status: 201, body: first.body })
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(await bot.post('/threads', { message: 'something else' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })

  test('five at once with one key launch one thread', async () => {
    const all = await Promise.all(
      Array.from({ length: 5 }, () =>
        bot.post('/threads', { message: 'what is live?' }, { 'idempotency-key': 'five' }),
      ),
    )
    expect(new Set(all.map(({ body }) => body.id)).size).toBe(1)
    expect(all.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201])
  })

  test.each<[string, object, number, string]>([
    ['no message', {}, 400, 'invalid_request'],
    ['an empty message', { message: ' ' }, 400, 'invalid_request'],
    ['an unknown field', { message: 'x', massage: 'y' }, 400, 'invalid_request'],
    ['a number for a text', { message: 7 }, 400, 'invalid_request'],
    ['a text that is too long', { message: 'x'.repeat(20_001) }, 400, 'invalid_request'],
    ['an unknown agent', { message: 'x', agent: 'evil' }, 422, 'unknown_agent'],
    [
      'reply_to without a secret',
      { message: 'x', reply_to: { webhook: 'https://a.test/' } },
      422,
      'reply_to_unavailable',
    ],
  ])('with %s is refused', async (_, body, status, code) =>
    expect(await bot.post('/threads', body)).toMatchObject({ status, body: { code, status } }),
  )

  test('names the field that it does not know', async () => {
    const { body } = await bot.post('/threads', { message: 'x', massage: 'y' })
    expect(body.detail).toContain('massage')
  })
})

describe('GET /threads', () => {
  test('pages newest first, and filters', async () => {
    for (let i = 0; i < 3; i++) await ask('what is live?')
    const first = await bot.call('/threads?limit=2')
    expect(first.body.threads).toHaveLength(2)
    const second = await bot.call(`/threads?limit=2&cursor=${first.body.cursor}`)
    const ids = [...first.body.threads, ...second.body.threads].map(({ id }: { id: string }) => id)
    expect(ids).toEqual([...ids].sort().reverse())
    expect((await bot.call('/threads?status=failed')).body.threads).toEqual([])
  })
  test.each(['limit=0', 'limit=101', 'limit=x', 'status=sad', 'nope=1', 'cursor=x', 'cursor=%00'])(
    '?%s is refused',
    async (query) => expect(await bot.call(`/threads?${query}`)).toMatchObject({ status: 400 }),
  )
})

describe('a thread', () => {
  test('as markdown is a transcript that words cannot break', async () => {
    const { body } = await ask('# <script>alert(1)</script> [x](javascript:alert(1))')
    const answer = await fetch(`${bot.url()}/threads/${body.id}`, { headers: { accept: 'text/markdown' } })
    const text = await answer.text()
    expect(answer.headers.get('content-type')).toBe('text/markdown; charset=utf-8')
    expect(text).toContain(`Thread \`${body.id}\``)
    expect(text).not.toContain('<script>')
  })
  test('events after a seq', async () => {
    const { body } = await ask()
    const { events } = (await bot.call(`/threads/${body.id}/events?after=1`)).body
    expect(events[0]).toMatchObject({ seq: 2, type: 'message' })
  })
  test('prompt: exactly what the next call would send, with tokens', async () => {
    const { body } = await ask()
    const { body: prompt } = await bot.call(`/threads/${body.id}/prompt`)
    expect(prompt.messages.map(({ role }: { role: string }) => role)).toEqual(['system', 'user'])
    expect(prompt.messages[1].content).toContain(
      '<message>\nfrom: local\nmessage: "deploy backend v1.2.3 to production"\n</message>',
    )
    expect(prompt.tokens).toBeGreaterThan(100)
  })
})

describe.each([NOBODY, 'nope', '../health', '%E2%98%83'])('the thread %s, which is not there', (id) => {
  test.each(['', '/events', '/prompt'])('GET %s is 404', async (path) => {
    const { status, body } = await bot.call(`/threads/${encodeURIComponent(id)}${path}`)
    expect({ status, code: body.code }).toEqual({ status: 404, code: 'unknown_thread' })
  })
  test.each([
    ['messages', { message: 'hi' }],
    ['responses', { to: 1, approved: true }],
    ['cancel', {}],
    ['fork', { at: 1 }],
  ])('POST %s is 404', async (path, body) => {
    const answer = await bot.post(`/threads/${encodeURIComponent(id)}/${path}`, body)
    expect(answer).toMatchObject({ status: 404, body: { code: 'unknown_thread' } })
  })
})

describe('POST responses', () => {
  test('is refused where it answers nothing, and where nothing was asked', async () => {
    const { body } = await ask()
    const { seq } = await bot.untilAsked(body.id, 'approval')
    expect(await bot.respond(body.id, seq, {})).toMatchObject({ status: 422, body: { code: 'answer_mismatch' } })
    expect(await bot.respond(body.id, 1, { approved: true })).toMatchObject({
      status: 409,
      body: { code: 'nothing_asked' },
    })
    expect(await bot.respond(body.id, seq, { args: { nope: 'x' } })).toMatchObject({
      status: 422,
      body: { code: 'bad_edit' },
    })
    expect(await bot.respond(body.id, seq, { args: { tag: 7 } })).toMatchObject({ status: 400 })
    expect(await bot.respond(body.id, seq, { args: { tag: 'v1.2.33' } })).toMatchObject({
      status: 422,
      body: { code: 'bad_edit', detail: expect.stringMatching(/^tag: there is no tag or commit v1.2.33; the nearest/) },
    })
    expect((await bot.thread(body.id)).waiting_for).toMatchObject({ kind: 'approval', seq })
  })
  test('edits the arguments, which asks anew', async () => {
    const { body } = await ask()
    const { seq } = await bot.untilAsked(body.id, 'approval')
    expect(await bot.respond(body.id, seq, { args: { tag: 'v1.2.4' }, approved: true })).toMatchObject({
      status: 422,
      body: { code: 'answer_mismatch' },
    })
    expect((await bot.respond(body.id, seq, { args: { tag: 'v1.2.4' } })).status).toBe(202)
    expect((await bot.untilAsked(body.id, 'approval', seq)).tag).toBe('v1.2.4')
    expect(await bot.respond(body.id, seq, { approved: true })).toMatchObject({
      status: 409,
      body: { code: 'superseded' },
    })
  })
  test.each<[string, object]>([
    ['a yes', { approved: true }],
    ['another edit', { args: { tag: 'v1.2.2' } }],
  ])('of an edit and %s at once one counts, and the other is told so', async (_, other) => {
    const { body } = await ask()
    const { seq } = await bot.untilAsked(body.id, 'approval')
    const both = await Promise.all(
      [{ args: { tag: 'v1.2.4' } }, other].map((answer) => bot.respond(body.id, seq, answer)),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual([202, 409])
    const { events } = await bot.thread(body.id)
    expect(events.filter(({ data }) => 'to' in data && data.to === seq)).toHaveLength(1)
  })
  test('with a key is taken once', async () => {
    const { body } = await ask()
    const { seq } = await bot.untilAsked(body.id, 'approval')
    const twice = [1, 2].map(() =>
      bot.post(`/threads/${body.id}/responses`, { to: seq, approved: false }, { 'idempotency-key': `r-${body.id}` }),
    )
    expect((await Promise.all(twice)).map(({ status }) => status)).toEqual([202, 202])
  })
})

describe('POST cancel and fork', () => {
  test('cancel twice is refused', async () => {
    const { body } = await ask()
    expect(await bot.post(`/threads/${body.id}/cancel`, {})).toMatchObject({
      status: 202,
      body: { status: 'cancelled' },
    })
    expect(await bot.post(`/threads/${body.id}/cancel`, {})).toMatchObject({
      status: 409,
      body: { code: 'thread_ended' },
    })
    expect(await bot.post(`/threads/${body.id}/messages`, { message: 'hi' })).toMatchObject({ status: 409 })
  })
  test('fork with other words and another prompt asks its model with both, under another hash', async () => {
    const { body } = await ask()
    const path = `/threads/${body.id}/fork`
    const [plain, told] = await Promise.all([
      bot.post(path, { at: 1, message: 'what is live?' }),
      bot.post(path, { at: 1, message: 'what is live?', prompt: 'Answer in verse.' }),
    ])
    expect(told).toMatchObject({ status: 201, body: { status: 'running', version: 3 } })
    const answered = async (id: string) => (await bot.untilStatus(id, 'done')).events.find(isModel)?.actor
    const hashes = [await answered(plain.body.id), await answered(told.body.id)]
    expect(hashes[0]).not.toMatchObject({ prompt_hash: (hashes[1] as { prompt_hash: string }).prompt_hash })
    const { messages } = (await bot.call(`/threads/${told.body.id}/prompt`)).body
    expect(messages[0].content).toContain('rules_of_this_thread: "Answer in verse."\n</setup>')
    expect(await bot.post(path, { at: 1, prompt: 'x'.repeat(2_001) })).toMatchObject({ status: 400 })
  })
  test('fork beyond the end is refused', async () => {
    const { body } = await ask()
    expect(await bot.post(`/threads/${body.id}/fork`, { at: 999 })).toMatchObject({
      status: 422,
      body: { code: 'bad_fork' },
    })
  })
})

describe('operations', () => {
  test('health, readiness and metrics', async () => {
    expect((await bot.call('/health')).body).toEqual({ status: 'ok' })
    expect((await bot.call('/ready')).body).toEqual({ status: 'ready' })
    const metrics = await (await fetch(`${bot.url()}/metrics`)).text()
    expect(metrics).toMatch(/deploybot_threads\{status="\w+"\} \d+/)
    expect(metrics).toMatch(/deploybot_http_request_seconds_count\{method="POST",route="\/threads",status="201"\}/)
  })
  test.each(['/nope', '/webhooks/slack/events', '/webhooks/email', '/webhooks/sms', '/webhooks/human'])(
    '%s does not exist yet',
    async (path) => expect(await bot.post(path, {})).toMatchObject({ status: 404, body: { code: 'not_found' } }),
  )
  test('every error is problem+json', async () => {
    const answer = await fetch(`${bot.url()}/nope`)
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  })
  test('the first page lists threads, escaped, and runs no script but its own', async () => {
    await ask('<img src=x onerror=alert(1)>')
    const answer = await fetch(`${bot.url()}/`)
    const html = await answer.text()
    expect(html).toContain('&#60;img src&#61;x onerror&#61;alert(1)&#62;')
    expect(html).not.toMatch(/<script(?! type="module" src="\/assets\/app\.[0-9a-f]{12}\.js">)|<img/)
    expect(answer.headers.get('content-security-policy')).toMatch(
      /^default-src 'none';style-src 'self';script-src 'self';/,
    )
  })
})
