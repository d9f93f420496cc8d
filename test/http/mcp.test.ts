import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Scope } from '../../src/agent/ports.ts'
import { openStore } from '../../src/store/store.ts'
import { decide, place } from '../../src/thread/decide.ts'
import { fold } from '../../src/thread/evolve.ts'
import { FATES } from '../../src/thread/fates.ts'
import { indexRow } from '../../src/thread/index-row.ts'
import { after } from '../../src/thread/time.ts'
import { startApp } from '../support/app.ts'
import { freshDatabase } from '../support/postgres.ts'
import { startTestService, type TestService } from '../support/service.ts'
import {
  approves,
  asked,
  looked,
  noRunSeen,
  prepared,
  proposed,
  rules,
  story,
  THREAD,
  unclear,
} from '../thread/spec.ts'

const connect = async (url: string, headers: Record<string, string> = {}) => {
  const client = new Client({ name: 'another agent', version: '1' })
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } }))
  onTestFinished(() => client.close())
  // What the tools say they return is what the client then insists on.
  await client.listTools()
  return async (name: string, args: Record<string, unknown> = {}) => {
    const { structuredContent, content, isError } = await client.callTool({ name, arguments: args })
    const [{ text }] = content as [{ text: string }]
    if (!isError) expect(JSON.parse(text)).toEqual(structuredContent)
    return { ...JSON.parse(text), refused: isError === true }
  }
}
type Tools = Awaited<ReturnType<typeof connect>>

const untilAsked = async (tools: Tools, id: string, kind: string): Promise<{ seq: number; next: string }> => {
  for (;;) {
    const { waiting_for, next } = await tools('thread_status', { id })
    if (waiting_for?.kind === kind) return { seq: waiting_for.seq, next }
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
}

describe('another agent with a token', () => {
  let bot: TestService
  const secrets: Record<string, string> = {}
  beforeAll(async () => {
    bot = await startTestService({ DEPLOYBOT_AUTH: 'tokens' }, afterAll)
    const store = await openStore({ connection: bot.database.connection })
    const create = async (name: string, scopes: Scope[], person: string | null) => {
      secrets[name] = (await store.tokens.create({ name, scopes, person, expires_in_days: 1 })).secret
    }
    await create('agent', ['read', 'ask'], null)
    await create('reader', ['read'], null)
    await create('lead', ['read', 'ask', 'approve', 'operate'], 'lead')
    await store.close()
  })
  const as = (name: string) => ({ authorization: `Bearer ${secrets[name]}` })
  const look = async (id: string) => (await bot.call(`/threads/${id}`, { headers: as('reader') })).body

  test('has people told only where deploybot.yaml reaches them, and nobody woken', async () => {
    const tools = await connect(bot.url(), as('agent'))
    const launch = (reply_to: object) => tools('launch_deployment', { message: 'what is live?', reply_to })
    const listener = await tools('launch_deployment', { message: 'what is live?' })
    expect(await launch({ thread: listener['id'] })).toMatchObject({ refused: false })
    expect(await launch({ slack: 'T01/U01' })).toMatchObject({ refused: true, code: 'reply_to_unavailable' })
    for (const reply_to of [{ sms: '+15550100' }, { humanlayer: {} }, {}])
      expect(await launch(reply_to)).toMatchObject({ refused: true, code: 'invalid_request' })
  })

  test('launches, looks, answers what it is asked, and sees it wait for a person', async () => {
    const tools = await connect(bot.url(), as('agent'))
    const launched = await tools('launch_deployment', {
      message: 'deploy backend to production',
      context: { ticket: 'OPS-1' },
    })
    expect(launched).toMatchObject({ refused: false, agent: 'deploy', url: expect.stringContaining(launched['id']) })
    const { id } = launched
    const { seq, next } = await untilAsked(tools, id, 'human_input')
    expect(next).toContain(`to: ${seq}`)
    expect(await tools('answer_question', { id, to: seq, response: 'v1.2.3' })).toMatchObject({ refused: false, id })
    const approval = await untilAsked(tools, id, 'approval')
    expect(approval.next).toContain('A person approves')
    const { events } = await look(id)
    expect(events.find(({ type }: { type: string }) => type === 'human_response')).toMatchObject({
      data: { to: seq, response: 'v1.2.3' },
      actor: { kind: 'caller', id: 'agent' },
    })
    expect(await tools('list_threads', { limit: 1 })).toMatchObject({ threads: [{ id }] })
  })

  test.each(['agent', 'lead'])('cannot approve, though it is %s', async (name) => {
    const tools = await connect(bot.url(), as(name))
    const { id } = await tools('launch_deployment', { message: 'deploy backend v1.2.3 to production' })
    const { seq } = await untilAsked(tools, id, 'approval')
    for (const answer of [{ response: 'yes, approved' }, { choice: 'approve' }]) {
      expect(await tools('answer_question', { id, to: seq, ...answer })).toMatchObject({
        refused: true,
        code: 'for_people',
        detail: expect.stringContaining(`/threads/${id}`),
      })
    }
    for (const answer of [{ approved: true }, { args: { tag: 'v9' } }]) {
      expect(await tools('answer_question', { id, to: seq, response: 'x', ...answer })).toMatchObject({
        refused: true,
        code: 'invalid_request',
      })
    }
    expect(await look(id)).toMatchObject({ status: 'awaiting_approval', waiting_for: { seq, approved_by: [] } })
  })

  test('adds words; stops a thread only with a token that may', async () => {
    const tools = await connect(bot.url(), as('agent'))
    const { id } = await tools('launch_deployment', { message: 'deploy backend v1.2.3 to production' })
    await untilAsked(tools, id, 'approval')
    expect(await tools('add_message', { id, message: 'wait for the frontend' })).toMatchObject({ refused: false })
    expect(await tools('cancel_thread', { id, reason: 'wrong day' })).toMatchObject({
      refused: true,
      code: 'missing_scope',
    })
    const lead = await connect(bot.url(), as('lead'))
    expect(await lead('cancel_thread', { id, reason: 'wrong day' })).toMatchObject({ refused: false })
    expect((await look(id)).status).toBe('cancelled')
    expect(await tools('thread_status', { id })).toMatchObject({ end: { message: 'wrong day' } })
  })

  test('that only reads launches nothing', async () => {
    const tools = await connect(bot.url(), as('reader'))
    expect(await tools('launch_deployment', { message: 'x' })).toMatchObject({ refused: true, code: 'missing_scope' })
    expect(await tools('list_threads')).toMatchObject({ refused: false })
  })

  test.each<Record<string, string>>([
    {},
    { authorization: 'Bearer none' },
    { authorization: `Bearer ${'x'.repeat(40)}` },
  ])('%j does not come in', async (headers) => {
    await expect(connect(bot.url(), headers)).rejects.toThrow(/unauthorized|401/i)
  })
})

describe('an agent at this machine', () => {
  const app = async () => {
    const database = await freshDatabase()
    onTestFinished(database.drop)
    return startApp(database.connection)
  }

  test('that tries again with the same key launched once, and with another body is refused', async () => {
    const { url, threads } = await app()
    const tools = await connect(url)
    const wish = { message: 'what is live?', idempotency_key: 'once' }
    const [first, second] = [await tools('launch_deployment', wish), await tools('launch_deployment', wish)]
    expect(second['id']).toBe(first['id'])
    expect(await threads('limit=10')).toHaveLength(1)
    expect(await tools('launch_deployment', { ...wish, message: 'deploy' })).toMatchObject({
      refused: true,
      code: 'idempotency_key_reused',
    })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['launch_deployment', {}, 'invalid_request'],
    ['launch_deployment', { message: ' ' }, 'invalid_request'],
    ['launch_deployment', { message: 7 }, 'invalid_request'],
    ['launch_deployment', { message: 'x', agent: 'rollback' }, 'invalid_request'],
    ['launch_deployment', { message: 'x', idempotency_key: 'ä b' }, 'bad_idempotency_key'],
    ['thread_status', { id: '../../health' }, 'unknown_thread'],
    ['thread_status', { id: '01890a5d-ac96-774b-bcce-b302099a8057' }, 'unknown_thread'],
    ['answer_question', { id: '01890a5d-ac96-774b-bcce-b302099a8057', to: 1, response: 'x' }, 'unknown_thread'],
    ['list_threads', { status: 'odd' }, 'invalid_request'],
    ['list_threads', { cursor: 'odd' }, 'bad_cursor'],
    ['drop_tables', {}, 'unknown_tool'],
    ['constructor', {}, 'unknown_tool'],
  ])('%s %j is refused by its code', async (name, args, code) => {
    const tools = await connect((await app()).url)
    expect(await tools(name, args)).toMatchObject({ refused: true, code })
  })

  test('is not asked anything at a seq where nothing was', async () => {
    const tools = await connect((await app()).url)
    const { id } = await tools('launch_deployment', { message: 'deploy' })
    expect(await tools('answer_question', { id, to: 1, response: 'x' })).toMatchObject({ code: 'nothing_asked' })
  })

  test('is not let settle what became of a dispatch, though this machine might', async () => {
    const { url, store } = await app()
    const { events, state, now } = story([asked(), looked, proposed, prepared(), approves(), prepared(), unclear])
    const at = after(now, 600)
    const lost = [...events, ...place(decide({ ...noRunSeen(state), at }, state, rules), THREAD, events.length, at)]
    const whole = fold(lost)
    if (!whole) throw new Error('no thread')
    const index = indexRow(whole)
    await store.log.append({ thread_id: THREAD, expected_version: 0, events: lost, index, hold: 'wake' })
    const tools = await connect(url)
    const { waiting_for, next } = await tools('thread_status', { id: THREAD })
    expect(waiting_for).toMatchObject({ kind: 'human_input', reason: 'dispatch_unknown' })
    expect(next).toContain('A person settles this')
    const answer = { id: THREAD, to: waiting_for.seq, choice: FATES.again }
    expect(await tools('answer_question', answer)).toMatchObject({ refused: true, code: 'for_people' })
    expect((await store.log.load(THREAD)).events).toHaveLength(lost.length)
  })

  test('gets as much of the words of others as it needs', async () => {
    const tools = await connect((await app()).url)
    const { title, ...rest } = await tools('launch_deployment', { message: 'long '.repeat(3_000) })
    expect(title.length).toBeLessThan(2_100)
    expect(JSON.stringify(rest).length).toBeLessThan(10_000)
  })

  const raw = async (init: RequestInit) => {
    const { url } = await app()
    const json = init.body ? { 'content-type': 'application/json' } : {}
    const headers = { ...json, accept: 'application/json, text/event-stream' }
    const answer = await fetch(`${url}/mcp`, { method: 'POST', ...init, headers: { ...headers, ...init.headers } })
    return { status: answer.status, text: await answer.text() }
  }
  const list = { jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }

  test.each<[string, RequestInit, number]>([
    ['a page of another site', { body: JSON.stringify(list), headers: { origin: 'https://evil.test' } }, 403],
    ['many messages at once', { body: JSON.stringify([list, list]) }, 400],
    ['a key that stands twice', { body: '{"jsonrpc":"2.0","jsonrpc":"2.0"}' }, 400],
    ['half a surrogate pair', { body: JSON.stringify({ ...list, params: { x: '\ud800' } }) }, 400],
    ['no JSON-RPC', { body: '{"hello":1}' }, 400],
    ['an old client that takes no stream', { body: JSON.stringify(list), headers: { accept: 'text/plain' } }, 406],
    [
      'a protocol of the future',
      { body: JSON.stringify(list), headers: { 'mcp-protocol-version': '2099-01-01' } },
      400,
    ],
    ['a stream', { method: 'GET' }, 405],
    ['the end of a session', { method: 'DELETE' }, 405],
  ])('%s is answered and changes nothing', async (_, init, status) => expect((await raw(init)).status).toBe(status))

  test('needs no greeting first: each request stands for itself', async () => {
    const { status, text } = await raw({ body: JSON.stringify(list) })
    expect(status).toBe(200)
    expect(JSON.parse(text).result.tools.map(({ name }: { name: string }) => name)).toEqual([
      'launch_deployment',
      'thread_status',
      'list_threads',
      'answer_question',
      'add_message',
      'cancel_thread',
    ])
  })
})
