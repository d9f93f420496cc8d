import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientOf, open, refusalOf } from './support.ts'

test('the bot learns who it is, in each workspace by its own token', async () => {
  const { sandbox, client } = await open()
  expect(await client.auth.test()).toMatchObject({ ok: true, team_id: 'T01', user_id: 'UBOT01', bot_id: 'B01' })
  const other = clientOf(sandbox, 'xoxb-sandbox-T02')
  expect(await other.auth.test()).toMatchObject({ team_id: 'T02', user_id: 'UBOT02' })
  expect(await refusalOf(other.chat.postMessage({ channel: 'C01', text: 'hello' }))).toMatchObject({
    error: 'channel_not_found',
  })
})

test('a wrong token, none, and a method that Slack does not have are refused as Slack does', async () => {
  const { sandbox } = await open()
  expect(await refusalOf(clientOf(sandbox, 'xoxb-wrong').auth.test())).toMatchObject({ error: 'invalid_auth' })
  const bare = await fetch(`${sandbox.apiUrl}auth.test`, { method: 'POST' })
  expect([bare.status, await bare.json()]).toEqual([200, { ok: false, error: 'not_authed' }])
  for (const name of ['no.such', 'constructor', '__proto__'])
    expect(await refusalOf(clientOf(sandbox).apiCall(name))).toMatchObject({ error: 'unknown_method' })
})

test('JSON is taken as well as forms, and what cannot be read is said so', async () => {
  const { sandbox } = await open()
  const post = async (type: string, body: string) => {
    const headers = { 'content-type': type, authorization: `Bearer ${sandbox.botToken}` }
    return (await fetch(`${sandbox.apiUrl}chat.postMessage`, { method: 'POST', headers, body })).json()
  }
  const blocks = [{ type: 'divider' }]
  expect(await post('application/json', JSON.stringify({ channel: 'C01', blocks }))).toMatchObject({ ok: true })
  expect(await post('application/json; charset=utf-8', '{"channel":')).toEqual({ ok: false, error: 'invalid_json' })
  expect(await post('application/json', '[1]')).toEqual({ ok: false, error: 'json_not_object' })
  expect(await post('text/xml', '<x/>')).toEqual({ ok: false, error: 'invalid_post_type' })
})

test('a message is posted, answered in a thread, edited, and removed', async () => {
  const { client } = await open()
  const { ts = '', message } = await client.chat.postMessage({ channel: 'C01', text: 'one' })
  expect(ts).toMatch(/^\d{10}\.\d{6}$/)
  expect(message).toMatchObject({ type: 'message', user: 'UBOT01', bot_id: 'B01', text: 'one', ts })
  const reply = await client.chat.postMessage({ channel: 'C01', text: 'two', thread_ts: ts })
  const thread = await client.conversations.replies({ channel: 'C01', ts })
  expect(thread.messages?.map(({ text }) => text)).toEqual(['one', 'two'])
  expect(thread.messages?.[0]).toMatchObject({ reply_count: 1, latest_reply: reply.ts })
  await client.chat.update({ channel: 'C01', ts, blocks: [{ type: 'divider', block_id: 'line' }] })
  const { messages } = await client.conversations.history({ channel: 'C01' })
  expect(messages).toMatchObject([{ text: 'one', blocks: [{ block_id: 'line' }] }])
  await client.chat.update({ channel: 'C01', ts, text: 'three' })
  const after = await client.conversations.history({ channel: 'C01' })
  expect(after.messages?.[0]).toMatchObject({ text: 'three', edited: { user: 'UBOT01' } })
  expect(after.messages?.[0]?.blocks).toBeUndefined()
  await client.chat.delete({ channel: 'C01', ts })
  expect((await client.conversations.history({ channel: 'C01' })).messages).toEqual([])
})

test('what cannot be done to a message is refused by its own code', async () => {
  const { client, control } = await open()
  const { ts } = await control<{ ts: string }>('POST', '/say', { user: 'U01', channel: 'C01', text: 'mine' })
  const channel = 'C01'
  const reply = await client.chat.postMessage({ channel, text: 'a reply', thread_ts: ts })
  const codes = await Promise.all(
    [
      client.chat.update({ channel, ts, text: 'no' }),
      client.chat.update({ channel, ts: '1.000001', text: 'no' }),
      client.chat.delete({ channel, ts }),
      client.chat.postMessage({ channel, text: '' }),
      client.chat.postMessage({ channel: 'C03', text: 'a channel without the bot' }),
      client.chat.postMessage({ channel, text: 'x'.repeat(40_001) }),
      client.chat.postMessage({ channel, text: 'reply to a reply', thread_ts: reply.ts ?? '' }),
      client.chat.postEphemeral({ channel, user: 'U21', text: 'of another company' }),
      client.reactions.add({ channel, timestamp: ts, name: 'not a name' }),
      client.users.info({ user: 'U99' }),
      client.users.lookupByEmail({ email: 'nobody@acme.test' }),
      client.conversations.replies({ channel, ts: '1.000001' }),
    ].map(async (call) => (await refusalOf(call)).error),
  )
  expect(codes).toEqual([
    'cant_update_message',
    'message_not_found',
    'cant_delete_message',
    'no_text',
    'not_in_channel',
    'msg_too_long',
    'cannot_reply_to_message',
    'user_not_in_channel',
    'invalid_name',
    'user_not_found',
    'users_not_found',
    'thread_not_found',
  ])
})

test('what answers a message that is gone comes out in the channel, and says so', async () => {
  const { client } = await open()
  const { ts: thread_ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'soon gone' })
  await client.chat.delete({ channel: 'C01', ts: thread_ts })
  const late = await client.chat.postMessage({ channel: 'C01', text: 'too late', thread_ts })
  expect(late.message?.thread_ts).toBeUndefined()
  expect((await client.conversations.history({ channel: 'C01' })).messages).toMatchObject([{ text: 'too late' }])
})

test('what an app notes on a message is told whole to who asks for all of it', async () => {
  const { client } = await open()
  const metadata = { event_type: 'noted', event_payload: { about: 6 } }
  const { ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'with a note', metadata })
  await client.chat.update({ channel: 'C01', ts, text: 'edited' })
  const history = async (more = {}) => (await client.conversations.history({ channel: 'C01', ...more })).messages
  expect(await history()).toMatchObject([{ metadata: { event_type: 'noted' } }])
  expect((await history())?.[0]?.metadata).not.toHaveProperty('event_payload')
  const all = { include_all_metadata: true }
  expect(await history(all)).toMatchObject([{ text: 'edited', metadata }])
  expect((await client.conversations.replies({ channel: 'C01', ts, ...all })).messages).toMatchObject([{ metadata }])
})

test('no two messages have the same time, however fast they come', async () => {
  const { client } = await open()
  const posts = Array.from({ length: 30 }, (_, n) => client.chat.postMessage({ channel: 'C01', text: String(n) }))
  const times = (await Promise.all(posts)).map(({ ts }) => ts)
  expect(new Set(times).size).toBe(30)
})

test('a person is found by address and written to alone', async () => {
  const { client } = await open()
  const { user } = await client.users.lookupByEmail({ email: 'lead@acme.test' })
  expect(user).toMatchObject({ id: 'U01', team_id: 'T01', name: 'shop-lead', is_bot: false })
  const { channel } = await client.conversations.open({ users: 'U01' })
  const posted = await client.chat.postMessage({ channel: 'U01', text: 'psst' })
  expect(posted.channel).toBe(channel?.id)
  expect((await client.conversations.info({ channel: channel?.id ?? '' })).channel).toMatchObject({ is_im: true })
})

test('an ephemeral message is seen by one person, in no history, and cannot be edited', async () => {
  const { client, control } = await open()
  const { ts: thread_ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'for all' })
  const alone = { channel: 'C01', user: 'U02', text: 'only you', thread_ts }
  const { message_ts: ts = '' } = await client.chat.postEphemeral(alone)
  const thread = await client.conversations.replies({ channel: 'C01', ts: thread_ts })
  expect(thread.messages?.map(({ text }) => text)).toEqual(['for all'])
  expect(await refusalOf(client.chat.update({ channel: 'C01', ts, text: 'no' }))).toMatchObject({
    error: 'message_not_found',
  })
  expect(await control('GET', '/messages?channel=C01')).toMatchObject([
    { only_for: null },
    { text: 'only you', only_for: 'U02' },
  ])
})

test('a history comes in pages that the client follows', async () => {
  const { client } = await open()
  for (const text of ['1', '2', '3', '4', '5']) await client.chat.postMessage({ channel: 'C01', text })
  const seen: string[] = []
  for await (const page of client.paginate('conversations.history', { channel: 'C01', limit: 2 })) {
    const { messages = [] } = page as { messages?: { text: string }[] }
    seen.push(...messages.map(({ text }) => text))
  }
  expect(seen).toEqual(['5', '4', '3', '2', '1'])
})

test('a reaction counts once, and a permalink leads to the page', async () => {
  const { client } = await open()
  const { ts = '' } = await client.chat.postMessage({ channel: 'C01', text: 'done' })
  const reaction = { channel: 'C01', timestamp: ts, name: 'white_check_mark' }
  await client.reactions.add(reaction)
  expect(await refusalOf(client.reactions.add(reaction))).toMatchObject({ error: 'already_reacted' })
  const { permalink = '' } = await client.chat.getPermalink({ channel: 'C01', message_ts: ts })
  expect(permalink).toContain(`/archives/C01/p${ts.replace('.', '')}`)
})

test('faults are used up by the calls that they hit', async () => {
  const { client, control } = await open()
  const say = () => client.chat.postMessage({ channel: 'C01', text: 'hello' })
  await control('POST', '/faults', { do: 'rate_limit', method: 'chat.postMessage', retry_after: 7 })
  await client.auth.test()
  await expect(say()).rejects.toMatchObject({ code: 'slack_webapi_rate_limited_error', retryAfter: 7 })
  await control('POST', '/faults', { do: 'error', error: 'account_inactive' })
  expect(await refusalOf(say())).toMatchObject({ error: 'account_inactive' })
  await control('POST', '/faults', { do: 'status', status: 503 })
  await expect(say()).rejects.toMatchObject({ statusCode: 503 })
  expect((await client.conversations.history({ channel: 'C01' })).messages).toHaveLength(0)
  await control('POST', '/faults', { do: 'status', accept: true })
  await expect(say()).rejects.toMatchObject({ statusCode: 500 })
  expect((await client.conversations.history({ channel: 'C01' })).messages).toHaveLength(1)
  await control('POST', '/faults', { do: 'hang', ms: 50 })
  await expect(say()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
  await say()
  const calls = await control<{ method: string; ok: boolean }[]>('GET', '/calls')
  expect(calls.at(-1)).toMatchObject({ method: 'chat.postMessage', ok: true, error: null, team: 'T01' })
})

test('what was said outlives the process', async () => {
  const stateFile = join(mkdtempSync(join(tmpdir(), 'sandbox-slack-')), 'slack.json')
  const first = await open({ stateFile })
  const { ts = '' } = await first.client.chat.postMessage({ channel: 'C01', text: 'before' })
  await first.sandbox.close()
  const second = await open({ stateFile })
  await second.client.chat.update({ channel: 'C01', ts, text: 'after' })
  const next = await second.client.chat.postMessage({ channel: 'C01', text: 'later' })
  expect(Number(next.ts)).toBeGreaterThan(Number(ts))
})
