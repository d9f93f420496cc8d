import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { startTestService, type TestService } from '../support/service.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll, { sandboxSlack: true })
})

interface Message {
  ts: string
  thread_ts?: string
  user: string
  text: string
  blocks?: { type: string; elements?: { action_id?: string; value?: string }[] }[]
}

const slack = async (path: string, body?: object) => {
  const answer = await fetch(`${bot.slack()}/_sandbox${path}`, {
    ...(body ? { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  })
  return JSON.parse((await answer.text()) || 'null')
}
const messages = (channel: string, thread?: string): Promise<Message[]> =>
  slack(`/messages?channel=${channel}${thread ? `&thread_ts=${thread}` : ''}`)

const until = async <T>(what: string, look: () => Promise<T | null | undefined | false>): Promise<T> => {
  const deadline = Date.now() + 30_000
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`no ${what}`)
    await sleep(40)
  }
}

const buttonsOf = ({ blocks = [] }: Message): string[] =>
  blocks.flatMap(({ elements = [] }) => elements.flatMap(({ action_id, value }) => (value ? [action_id ?? ''] : [])))
const whole = ({ text, blocks }: Message): string => text + JSON.stringify(blocks ?? [])

/** A mention in #deploys, and the thread that it becomes. */
const mention = async (text: string, user = 'U02') => {
  const { ts } = await slack('/say', { user, channel: 'C01', text: `<@UBOT01> ${text}` })
  const answers = async () => (await messages('C01', ts)).filter(({ user: by }) => by === 'UBOT01')
  const card = (what = 'Approve') =>
    until('card with buttons', async () =>
      (await answers()).find((message) => buttonsOf(message).length > 0 && whole(message).includes(what)),
    )
  const id = await until('thread', async () => {
    const found = /threads\/([0-9a-f-]{36})/.exec(JSON.stringify(await answers()))
    return found?.[1]
  })
  return { ts, answers, card, id }
}

const click = (user: string, channel: string, { ts }: Message, action_id: string) =>
  slack('/click', { user, channel, ts, action_id })

/** What the people of a thread were told, and where. */
const contacted = ({ events }: ThreadView) => events.filter(({ type }) => type === 'human_contacted')

describe('a deployment in Slack', () => {
  test('is asked for by a mention, approved by a click in a direct message, and told where it was asked', async () => {
    const { id, answers, card } = await mention('deploy backend v1.2.3 to production')
    await card()
    const { seq } = await bot.untilAsked(id, 'approval')
    const dm = await until('message to lead', async () =>
      (await messages('D01')).find((one) => whole(one).includes(id) && buttonsOf(one).length > 0),
    )
    await click('U01', 'D01', dm, 'approve')
    const view = await bot.untilStatus(id, 'done')
    expect(view.events.find(({ type }) => type === 'approval_given')).toMatchObject({
      data: { to: seq },
      actor: { kind: 'person', id: 'lead', via: 'slack' },
    })
    // Every message that carried the question now says who answered it, and where; no button is left.
    await until('buttons gone', async () => {
      const all = [...(await answers()), ...(await messages('D01'))].filter((one) => whole(one).includes(id))
      return all.length >= 2 && all.every((one) => buttonsOf(one).length === 0)
    })
    const told = [...(await answers()), ...(await messages('D01'))].filter((one) => whole(one).includes(id))
    expect(told.filter((one) => /approved by `lead`/i.test(whole(one))).length).toBeGreaterThanOrEqual(2)
    await until('the end told where it was asked', async () =>
      (await answers()).some((one) => /done|live/i.test(whole(one))),
    )
  })

  test('is rejected on a page, and the buttons in Slack are gone', async () => {
    const { id, answers, card } = await mention('deploy backend v1.2.3 to production')
    const asked = await card()
    const { seq } = await bot.untilAsked(id, 'approval')
    await bot.respond(id, seq, { approved: false, comment: 'not on a Friday' })
    await until('words of the rejection', async () =>
      (await answers()).some((one) => one.ts === asked.ts && whole(one).includes('not on a Friday')),
    )
    // A click that was under way already is answered politely, and changes nothing.
    await click('U01', 'C01', asked, 'approve').catch(() => {})
    expect((await bot.thread(id)).events.filter(({ type }) => type === 'approval_given')).toEqual([])
  })

  test('goes on by words in the same thread of Slack', async () => {
    const { id, ts, card } = await mention('deploy backend v1.2.3 to production')
    await card()
    await slack('/say', { user: 'U02', channel: 'C01', thread_ts: ts, text: 'wait, to staging please' })
    await bot.untilEvent(id, 'approval_superseded')
    const view = await bot.untilStatus(id, 'done')
    expect(view.events).toContainEqual(
      expect.objectContaining({ type: 'message', actor: expect.objectContaining({ via: 'slack' }) }),
    )
  })

  test('is not approved by a stranger, who is told so', async () => {
    const { id, card } = await mention('deploy backend v1.2.3 to production')
    const asked = await card()
    await click('U03', 'C01', asked, 'approve')
    await sleep(300)
    expect((await bot.thread(id)).status).toBe('awaiting_approval')
  })
})

describe('Slack that is down', () => {
  test('holds nothing up: the thread says so, and tells them when it is back', async () => {
    await slack('/faults', { do: 'status', status: 500, method: 'chat.postMessage', times: 1 })
    const id = await bot.launch('deploy backend v1.2.3 to production')
    const { seq } = await bot.untilAsked(id, 'approval')
    const late = await bot.until(id, 'a failed delivery', (view) =>
      contacted(view).some(({ data }) => 'ok' in data && data.ok === false && 'retry_at' in data),
    )
    expect(late.status).toBe('awaiting_approval')
    await bot.until(id, 'told in the end', (view) =>
      contacted(view).some(({ data }) => 'about' in data && data.about === seq && data.ok),
    )
    await bot.respond(id, seq, { approved: false, comment: 'no' })
  })
})

test('200 threads wait at once, and each answer goes to the right one', async () => {
  const count = 200
  const ids = await Promise.all(Array.from({ length: count }, () => bot.launch('deploy backend v1.2.3 to production')))
  const cards = await until('a card for each', async () => {
    const all = (await messages('D01')).filter((one) => buttonsOf(one).length > 0)
    const found = new Map(ids.map((id) => [id, all.find((one) => whole(one).includes(id))]))
    return [...found.values()].every((one) => one) && (found as Map<string, Message>)
  })
  const chosen = ids.filter((_, i) => i % 20 === 0)
  await Promise.all(
    chosen.map((id) => slack('/click', { user: 'U01', channel: 'D01', ts: cards.get(id)?.ts, action_id: 'reject' })),
  )
  await Promise.all(chosen.map((id) => bot.call(`/threads/${id}`)))
  for (const id of ids)
    expect((await bot.thread(id)).events.filter(({ type }) => type === 'approval_given')).toEqual([])
})
