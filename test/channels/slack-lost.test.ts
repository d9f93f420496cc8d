import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSlackChannel } from '../../src/channels/slack/channel.ts'
import { type SandboxSlack, startSandboxSlack } from '../../src/sandbox/slack/server.ts'
import type { SlackAddress } from '../../src/thread/contact/address.ts'
import { buttonsOf, createSlackRoom, type Message, whole } from '../support/slack-room.ts'
import { noticeAt } from './notice.ts'
import { approval, asking } from './slack.ts'

let sandbox: SandboxSlack
let channel: ReturnType<typeof createSlackChannel>
beforeAll(async () => {
  sandbox = await startSandboxSlack()
  const { botToken: token, apiUrl } = sandbox
  const find = async () => ({ team: 'T01', token, bot_user: 'UBOT01' })
  channel = createSlackChannel({ find, apiUrl, publicUrl: 'https://bot.test' })
})
afterAll(() => sandbox.close())

const { slack, messages } = createSlackRoom(() => ({ slack: () => sandbox.url }))

let count = 0
const notice = (address: Partial<SlackAddress> = {}, more: object = {}) =>
  noticeAt(
    { slack: { team: 'T01', channel: 'C01', ...address } },
    {
      kind: 'request',
      thread_id: `01890a5d-ac96-774b-bcce-${String(++count).padStart(12, '0')}`,
      question: asking(approval()),
      ...more,
    },
  )
/** Slack takes the next message, and its answer is lost. */
const loseAnswer = () => slack('/faults', { do: 'status', status: 502, accept: true, method: 'chat.postMessage' })
const about = async ({ thread_id }: { thread_id: string }, place = 'C01'): Promise<Message[]> =>
  (await messages(place)).filter((one) => whole(one).includes(thread_id))

describe('a message that Slack took and did not say so', () => {
  test.each<[string, Partial<SlackAddress>, string]>([
    ['in a channel', {}, 'C01'],
    ['to a person', { channel: 'U01' }, 'D01'],
  ])('%s is found when it is tried again, and made to say how things stand', async (_, address, place) => {
    const first = notice(address)
    await loseAnswer()
    expect(await channel.deliver(first)).toMatchObject({ ok: false, retry_after_ms: 0 })
    const [there, ...more] = await about(first, place)
    expect(more).toEqual([])
    const told = await channel.deliver({ ...first, tried: true, question: asking(approval(), { open: false }) })
    expect(told).toMatchObject({ ok: true, ref: { channel: place, ts: there?.ts } })
    const [now, ...second] = await about(first, place)
    expect(second).toEqual([])
    expect(now && buttonsOf(now)).toEqual([])
  })

  test('in a thread, and a reminder there, are found too', async () => {
    const { ts } = await slack('/say', { user: 'U02', channel: 'C01', text: 'deploy' })
    const first = notice({ thread_ts: ts })
    await loseAnswer()
    await channel.deliver(first)
    const { ref = null } = await channel.deliver({ ...first, tried: true })
    const reminder = { ...first, kind: 'reminder' as const, seq: 9, ref }
    await loseAnswer()
    await channel.deliver(reminder)
    await channel.deliver({ ...reminder, tried: true })
    expect(await about(first)).toHaveLength(2)
    await channel.deliver({ ...reminder, seq: 12 })
    expect(await about(first)).toHaveLength(3)
  })

  test('is not mistaken for one about another question, or of another thread', async () => {
    const first = notice()
    await channel.deliver(first)
    await channel.deliver({ ...first, tried: true, question: asking(approval({ seq: 8 })) })
    expect(await about(first)).toHaveLength(2)
    const other = notice({}, { tried: true })
    await channel.deliver(other)
    expect(await about(other)).toHaveLength(1)
  })

  test('is sent again where we may not look', async () => {
    const first = notice()
    await loseAnswer()
    await channel.deliver(first)
    await slack('/faults', { do: 'error', error: 'missing_scope', method: 'conversations.history' })
    expect(await channel.deliver({ ...first, tried: true })).toMatchObject({ ok: true })
    expect(await about(first)).toHaveLength(2)
  })

  test('is looked for later where Slack does not answer that either', async () => {
    const first = notice()
    await slack('/faults', { do: 'status', status: 503, method: 'conversations.history' })
    expect(await channel.deliver({ ...first, tried: true })).toMatchObject({ ok: false, retry_after_ms: 0 })
    expect(await about(first)).toEqual([])
  })
})

test('nothing is looked for at the first try', async () => {
  await channel.deliver(notice())
  const calls = (await slack('/calls')) as { method: string }[]
  expect(calls.at(-1)?.method).toBe('chat.postMessage')
})
