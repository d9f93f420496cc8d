import { describe, expect, test } from 'vitest'
import { createHosts } from '../../src/agent/hosts.ts'
import type { Channel, Notice } from '../../src/agent/ports.ts'
import { createSlackChannel } from '../../src/channels/slack/channel.ts'
import { createSlackDesk } from '../../src/channels/slack/desk.ts'
import type { SlackAddress } from '../../src/thread/contact/address.ts'
import { breaches } from '../support/block-limits.ts'
import { startFakeSlack, WORKSPACE } from '../support/slack.ts'
import { THREAD } from '../thread/spec.ts'
import { noticeAt } from './notice.ts'
import { approval, asking, human } from './slack.ts'

const find = async (team: string) => (team === 'T01' ? WORKSPACE : null)
const start = async () => {
  const slack = await startFakeSlack()
  const options = { find, apiUrl: slack.apiUrl, publicUrl: 'https://bot.test' }
  const channel = createSlackChannel(options)
  return { slack, channel, desk: createSlackDesk(options, channel) }
}

type InSlack = { slack: SlackAddress }
const notice = (more: Partial<Notice<InSlack>> = {}, address: Partial<SlackAddress> = {}): Notice<InSlack> =>
  noticeAt(
    { slack: { team: 'T01', channel: 'C01', ...address } },
    { thread_id: THREAD, question: asking(approval()), ...more },
  )

const ref = { channel: 'C01', ts: '1700000000.000009' }

describe('a question', () => {
  test('is posted, and replies come in below it', async () => {
    const { slack, channel } = await start()
    expect(await channel.deliver(notice({ kind: 'request' }))).toEqual({
      ok: true,
      ref: { channel: 'C01', ts: '1700000000.000001' },
      replies_at: 'slack:T01/C01/1700000000.000001',
    })
    const [posted] = slack.of('chat.postMessage')
    expect(posted).toMatchObject({ token: 'xoxb-1', args: { channel: 'C01', unfurl_links: 'false' } })
    expect(posted?.args).not.toHaveProperty('thread_ts')
    expect(breaches(posted?.args as unknown as { text: string; blocks: unknown[] })).toEqual([])
  })

  test('of a conversation is posted within it', async () => {
    const { slack, channel } = await start()
    const told = await channel.deliver(notice({ kind: 'request' }, { thread_ts: '17.1' }))
    expect(told.replies_at).toBe('slack:T01/C01/17.1')
    expect(slack.of('chat.postMessage')[0]?.args['thread_ts']).toBe('17.1')
  })

  test('to one person opens a conversation with them', async () => {
    const { slack, channel } = await start()
    const told = await channel.deliver(notice({ kind: 'request' }, { channel: 'U07' }))
    expect(told).toMatchObject({ ref: { channel: 'DU07' }, replies_at: 'slack:T01/DU07/1700000000.000001' })
    expect(slack.calls.map(({ method }) => method)).toEqual(['conversations.open', 'chat.postMessage'])
  })

  test('is reminded of below it, and stays the message that is edited', async () => {
    const { slack, channel } = await start()
    expect(await channel.deliver(notice({ kind: 'reminder', ref }))).toMatchObject({ ok: true, ref })
    expect(slack.of('chat.postMessage')[0]?.args).toMatchObject({ channel: 'C01', thread_ts: ref.ts })
  })

  test('that was answered is edited', async () => {
    const { slack, channel } = await start()
    const question = asking(approval(), { open: false })
    expect(await channel.deliver(notice({ kind: 'update', ref, question }))).toMatchObject({ ok: true, ref })
    expect(slack.of('chat.update')[0]?.args).toMatchObject(ref)
    expect(JSON.stringify(slack.of('chat.update')[0]?.args['blocks'])).not.toContain('"actions"')
  })

  test.each(['message_not_found', 'cant_update_message'])(
    'that cannot be edited (%s) is posted anew',
    async (error) => {
      const { slack, channel } = await start()
      slack.script('chat.update', { body: { ok: false, error } })
      const told = await channel.deliver(notice({ kind: 'update', ref }))
      expect(told).toMatchObject({ ok: true, ref: { ts: '1700000000.000001' } })
    },
  )
})

test('how a thread goes is one message, edited', async () => {
  const { slack, channel } = await start()
  const first = await channel.deliver(notice({ question: null }))
  const second = await channel.deliver(notice({ question: null, ref: first.ref ?? null }))
  expect(second.ref).toEqual(first.ref)
  expect(slack.calls.map(({ method }) => method)).toEqual(['chat.postMessage', 'chat.update'])
})

describe('when Slack', () => {
  const failing = async (...answers: Parameters<Awaited<ReturnType<typeof start>>['slack']['script']>[1][]) => {
    const { slack, channel } = await start()
    slack.script('chat.postMessage', ...answers)
    const told = await channel.deliver(notice({ kind: 'request' }))
    return { told, tries: slack.calls.length }
  }

  test('asks us to wait, we do so for as long as it says', async () => {
    const limited = { status: 429, headers: { 'retry-after': '17' }, body: { ok: false, error: 'ratelimited' } }
    const { told, tries } = await failing(limited)
    expect(told).toMatchObject({ ok: false, retry_after_ms: 17_000 })
    expect(tries).toBe(1)
  })

  test.each([
    ['answers 503', { status: 503, body: 'down' }],
    ['breaks off', 'cut' as const],
    ...['internal_error', 'fatal_error', 'service_unavailable'].map((error): [string, { body: object }] => [
      `says ${error}`,
      { body: { ok: false, error } },
    ]),
    ['answers with a page', { body: '<html>Bad gateway</html>' }],
    ['asks us to wait without saying how long', { status: 429, body: {} }],
  ])('%s, it is tried again later, and not by the client', async (_, answer) => {
    const { told, tries } = await failing(answer)
    expect(told).toMatchObject({ ok: false, retry_after_ms: 0 })
    expect(tries).toBe(1)
  })

  test('hangs, it is waited for no longer than the deadline', async () => {
    const { slack } = await start()
    slack.script('chat.postMessage', 'hang')
    const channel = createSlackChannel({ find, apiUrl: slack.apiUrl, publicUrl: '', deadlineMs: 50 })
    expect(await channel.deliver(notice({ kind: 'request' }))).toMatchObject({ ok: false, retry_after_ms: 0 })
  })

  test('does not answer for long, it is left alone for a while', async () => {
    const { slack } = await start()
    slack.script('chat.postMessage', ...Array.from({ length: 5 }, () => 'cut' as const))
    const channel = createSlackChannel({ find, apiUrl: slack.apiUrl, publicUrl: '', hosts: createHosts() })
    for (let tries = 0; tries < 5; tries++) await channel.deliver(notice({ kind: 'request' }))
    const left = await channel.deliver(notice({ kind: 'request' }))
    expect(left).toMatchObject({ ok: false, message: expect.stringContaining('was not tried') })
    expect(left.retry_after_ms).toBeGreaterThan(0)
    expect(slack.calls).toHaveLength(5)
  })

  test('refuses us, it is not taken for gone', async () => {
    const { slack } = await start()
    const refusals = Array.from({ length: 6 }, () => ({ body: { ok: false, error: 'channel_not_found' } }))
    slack.script('chat.postMessage', ...refusals)
    const channel = createSlackChannel({ find, apiUrl: slack.apiUrl, publicUrl: '', hosts: createHosts() })
    for (let tries = 0; tries < 6; tries++) await channel.deliver(notice({ kind: 'request' }))
    expect(slack.calls).toHaveLength(6)
  })

  test.each([
    ['channel_not_found', /invite Deploybot/],
    ['not_in_channel', /invite it/],
    ['invalid_auth', /install Deploybot/],
    ['account_inactive', /install Deploybot/],
    ['token_revoked', /install Deploybot/],
    ['invalid_blocks', /our mistake/],
    ['msg_too_long', /refuses it/],
  ])('says %s, it never will, and why', async (error, words) => {
    const { told } = await failing({ body: { ok: false, error } })
    expect(told).toEqual({ ok: false, message: expect.stringMatching(words) })
  })
})

test('a workspace that we are not installed in is told nothing', async () => {
  const { slack, channel } = await start()
  expect(await channel.deliver(notice({ kind: 'request' }, { team: 'T99' }))).toEqual({
    ok: false,
    message: expect.stringContaining('not installed in the Slack workspace T99'),
  })
  expect(slack.calls).toEqual([])
})

describe('at the desk', () => {
  test('a dialog is opened for words', async () => {
    const { slack, desk } = await start()
    await desk.openDialog('T01', 'trigger', 'reject', { thread_id: THREAD, seq: 6 })
    expect(slack.of('views.open')[0]?.args).toMatchObject({ trigger_id: 'trigger', view: { callback_id: 'reject' } })
    slack.script('views.open', { body: { ok: false, error: 'expired_trigger_id' } })
    await expect(desk.openDialog('T01', 'trigger', 'reject', { thread_id: THREAD, seq: 6 })).rejects.toThrow(
      /expired_trigger_id/,
    )
  })

  test('a line is for one reader, escaped, and only sent to Slack', async () => {
    const { slack, desk } = await start()
    const lines = [{ words: 'No: <!channel>' }, { words: 'The thread', url: 'https://bot.test/t' }]
    await desk.whisper({ response_url: slack.responseUrl }, lines)
    expect(slack.responses).toEqual([
      {
        response_type: 'ephemeral',
        replace_original: false,
        text: 'No: &lt;!channel&gt;\n<https://bot.test/t|The thread>',
      },
    ])
    await desk.whisper({ team: 'T01', channel: 'C01', user: 'U01', thread_ts: '1.1' }, lines)
    expect(slack.of('chat.postEphemeral')[0]?.args).toMatchObject({ channel: 'C01', user: 'U01', thread_ts: '1.1' })
    const other = await startFakeSlack()
    await desk.whisper({ response_url: other.responseUrl }, lines)
    expect(other.responses).toEqual([])
  })

  test('nothing depends on whether it arrives', async () => {
    const { slack, desk } = await start()
    slack.script('chat.postEphemeral', 'cut')
    await desk.whisper({ team: 'T01', channel: 'C01', user: 'U01' }, [{ words: 'x' }])
    await desk.whisper({ response_url: 'no address' }, [{ words: 'x' }])
  })
})

test('a workspace that installed us anew is talked to with its new token', async () => {
  const slack = await startFakeSlack()
  let token = 'xoxb-1'
  const channel: Channel<InSlack> = createSlackChannel({
    find: async () => ({ ...WORKSPACE, token }),
    apiUrl: slack.apiUrl,
    publicUrl: 'https://bot.test',
  })
  await channel.deliver(notice({ question: asking(human()) }))
  token = 'xoxb-2'
  await channel.deliver(notice({ question: asking(human()) }))
  expect(slack.calls.map((call) => call.token)).toEqual(['xoxb-1', 'xoxb-2'])
})
