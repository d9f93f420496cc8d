import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { waitAtOnce } from '../support/slack-many.ts'
import { buttonsOf, createSlackRoom, until, whole } from '../support/slack-room.ts'

let bot: TestService
beforeAll(async () => {
  bot = await startTestService({}, afterAll, { sandboxSlack: true })
})

const { slack, messages, mention, click } = createSlackRoom(() => bot)

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

test('somebody in another account approves only once the person who they say they are has confirmed it', async () => {
  const { id, card } = await mention('deploy backend v1.2.3 to production')
  const asked = await card()
  await slack('/command', { user: 'U03', channel: 'C01', command: '/deploybot', text: 'link lead' })
  const question = await until('the question to lead', async () =>
    (await messages('D01')).find((one) => whole(one).includes('says that they are you') && buttonsOf(one).length > 0),
  )
  await click('U03', 'C01', asked, 'approve')
  await sleep(200)
  expect((await bot.thread(id)).status).toBe('awaiting_approval')
  await click('U01', 'D01', question, 'yes')
  await until('linked', async () =>
    (await messages('D01')).some((one) => one.ts === question.ts && buttonsOf(one).length === 0),
  )
  await click('U03', 'C01', asked, 'approve')
  const { events } = await bot.untilEvent(id, 'approval_given')
  expect(events.find(({ type }) => type === 'approval_given')?.actor).toMatchObject({ kind: 'person', id: 'lead' })
})

describe('several channels at once', () => {
  test('two who answer at the same moment: one answer counts, and everybody is told the same', async () => {
    for (const [inSlack, onPage] of [
      ['approve', { approved: false, comment: 'no' }],
      ['approve', { approved: true }],
    ] as const) {
      const { id, card } = await mention('deploy backend v1.2.3 to production')
      const asked = await card()
      const { seq } = await bot.untilAsked(id, 'approval')
      await Promise.all([click('U01', 'C01', asked, inSlack), bot.respond(id, seq, onPage)])
      const view = await bot.until(id, 'an answer', ({ waiting_for }) => waiting_for?.seq !== seq)
      const answers = view.events.filter(
        ({ type, data }) => ['approval_given', 'approval_denied'].includes(type) && 'to' in data && data.to === seq,
      )
      expect(answers).toHaveLength(1)
      const words = answers[0]?.type === 'approval_given' ? /approved by/i : /rejected by|denied by/i
      await until('the same told', async () =>
        (await messages('C01')).some((one) => one.ts === asked.ts && words.test(whole(one))),
      )
    }
  })

  test('who answers before we know that they were told: it counts, and the card is put right all the same', async () => {
    // Slack shows the card at once, and answers us later.
    await slack('/faults', { do: 'hang', ms: 500, accept: true, method: 'chat.postMessage', times: 3 })
    const { id, answers, card } = await mention('deploy backend v1.2.3 to production')
    const asked = await card()
    await click('U01', 'C01', asked, 'approve')
    const { events } = await bot.untilEvent(id, 'approval_given')
    const seq = events.find(({ type }) => type === 'approval_requested')?.seq
    expect(
      events.filter(({ type, data }) => type === 'human_contacted' && 'about' in data && data.about === seq),
    ).toEqual([])
    await bot.untilStatus(id, 'done')
    await until('the card put right', async () =>
      (await answers()).some(
        (one) => one.ts === asked.ts && buttonsOf(one).length === 0 && /approved by/i.test(whole(one)),
      ),
    )
    expect((await answers()).filter((one) => whole(one).includes('Approved: backend'))).toHaveLength(1)
  })

  test('no link in any message does anything when it is followed', async () => {
    const { id, answers, card } = await mention('deploy backend v1.2.3 to production')
    await card()
    const text = JSON.stringify([await answers(), await messages('D01')])
    const links = [...new Set(text.match(/https?:\/\/[^\s"\\|>]+/g) ?? [])].filter((link) => link.includes(id))
    expect(links.length).toBeGreaterThan(0)
    await until('all told', async () => contacted(await bot.thread(id)).length >= 3)
    const before = (await bot.thread(id)).version
    for (const link of links)
      await fetch(link.replace(/^http:\/\/[^/]+/, bot.url()), { headers: { accept: 'text/html' } })
    await sleep(200)
    expect((await bot.thread(id)).version).toBe(before)
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

test('many threads wait at once, and each answer goes to the right one', () => waitAtOnce(bot, 40))
