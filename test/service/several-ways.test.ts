import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ThreadView } from '../../src/thread/view.ts'
import { raceExpiry } from '../support/expiry.ts'
import { type SeveralWays, startSeveralWays } from '../support/several-ways.ts'
import { buttonsOf, type Message, until, whole } from '../support/slack-room.ts'

let bot: SeveralWays
beforeAll(async () => {
  bot = await startSeveralWays(afterAll)
})

const WISH = 'deploy backend v1.2.3 to production'
const answersIn = ({ events }: ThreadView) =>
  events.flatMap(({ type, actor }) =>
    /^approval_(given|denied|withdrawn)$/.test(type) && actor.kind === 'person'
      ? [`${type} ${actor.id} ${actor.via}`]
      : [],
  )

/** Begun in Slack: two are asked there, in a message to each beside the one in the channel, and the third by mail. */
const ask = async (user = 'U02') => {
  const before = await bot.runs()
  const { id, card } = await bot.mention(WISH, user)
  const { seq } = await bot.untilAsked(id, 'approval')
  const cardIn = (channel: string) =>
    until(`card in ${channel}`, async () =>
      (await bot.messages(channel)).find((one) => whole(one).includes(id) && buttonsOf(one).length > 0),
    )
  const inChannel = await card()
  const [toLead, toOncall] = await Promise.all([cardIn('D01'), cardIn('D03')])
  const mail = await bot.mailAbout(id, /^Approve backend v1\.2\.3 for production\?/)
  const cards = async (): Promise<string[]> => {
    const all: Message[] = (await Promise.all(['C01', 'D01', 'D03'].map((channel) => bot.messages(channel)))).flat()
    return all.filter(({ ts }) => [inChannel, toLead, toOncall].some((one) => one.ts === ts)).map(cardOf)
  }
  return {
    id,
    seq,
    link: /\/threads\/[0-9a-f-]{36}/.exec(mail.text ?? '')?.[0] ?? '',
    clickAs: (who: 'lead' | 'oncall', control: string) =>
      who === 'lead' ? bot.click('U01', 'D01', toLead, control) : bot.click('U03', 'D03', toOncall, control),
    /** All three say so. */
    everyCard: (...words: RegExp[]) =>
      until(`cards that say ${words}`, async () => {
        const all = await cards()
        return all.length === 3 && all.every((one) => words.every((word) => word.test(one)))
      }),
    runs: async () => (await bot.runs()) - before,
  }
}
type Asked = Awaited<ReturnType<typeof ask>>

/** What a message says, and which buttons it has. */
const cardOf = (message: Message): string => `${whole(message)} [${buttonsOf(message)}]`
const NO_BUTTON = /\[\]$/

/** Off the mail's link to its page, where whoever is not signed in signs in first. */
const followLink = async ({ link }: Asked) => {
  const night = await bot.signedIn('night-owl', link)
  expect([night.wanted.status, night.landed]).toEqual([303, link])
  return night
}

describe('two of three approve, each where they are', () => {
  test('in Slack and by the link of a mail: it runs once, and every message says who, where and when', async () => {
    const asked = await ask()
    await asked.clickAs('lead', 'approve')
    await asked.everyCard(/\*1 of 2\* approvals/, /Approved by `lead` in Slack at <!date/, /\[approve,/)
    const night = await followLink(asked)
    expect(await bot.thread(asked.id)).toMatchObject({ status: 'awaiting_approval' })
    expect((await night.answer(asked.id, asked.seq, 'approve')).status).toBe(303)
    const view = await bot.untilStatus(asked.id, 'done')
    expect(answersIn(view)).toEqual(['approval_given lead slack', 'approval_given night page'])
    expect(await asked.runs()).toBe(1)
    await asked.everyCard(/\*2 of 2\* approvals/, /by `lead` in Slack/, /by `night` on the page at <!date/, NO_BUTTON)
    const told = await bot.mailAbout(
      asked.id,
      /^Approved by night on the page at \d\d:\d\d UTC\. Nothing to do for you\./,
    )
    expect(told.text).toContain('Approved by lead in Slack (')
  })

  test('on the page and in Slack: the third, who comes too late, is told so and changes nothing', async () => {
    const asked = await ask()
    const oncall = await bot.signedIn('shop-oncall')
    await oncall.answer(asked.id, asked.seq, 'approve')
    const night = await followLink(asked)
    await asked.clickAs('lead', 'approve')
    await bot.untilStatus(asked.id, 'done')
    const late = await night.answer(asked.id, asked.seq, 'approve')
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('already_answered')])
    expect(await asked.runs()).toBe(1)
    await bot.mailAbout(asked.id, /^Approved by lead in Slack at .*Nothing to do for you\./)
  })

  test('all three at the same moment: two count, one is late, and it runs once', async () => {
    const asked = await ask()
    const [oncall, night] = await Promise.all([bot.signedIn('shop-oncall'), followLink(asked)])
    await Promise.all([
      asked.clickAs('lead', 'approve'),
      oncall.answer(asked.id, asked.seq, 'approve'),
      night.answer(asked.id, asked.seq, 'approve'),
    ])
    expect(answersIn(await bot.untilStatus(asked.id, 'done'))).toHaveLength(2)
    expect(await asked.runs()).toBe(1)
    await asked.everyCard(/\*2 of 2\* approvals/, NO_BUTTON)
  })
})

test('one no, by the third, after a yes stops it', async () => {
  const asked = await ask()
  await asked.clickAs('lead', 'approve')
  const night = await followLink(asked)
  await night.answer(asked.id, asked.seq, 'reject')
  await asked.everyCard(/Approved by `lead` in Slack/, /Rejected by `night` on the page/, NO_BUTTON)
  await asked.clickAs('oncall', 'approve').catch(() => {})
  const view = await bot.thread(asked.id)
  expect(answersIn(view)).toEqual(['approval_given lead slack', 'approval_denied night page'])
  expect(await asked.runs()).toBe(0)
})

test('who thinks again before the second yes is not counted, and everybody reads so; then two others approve', async () => {
  const asked = await ask()
  await asked.clickAs('lead', 'approve')
  await asked.everyCard(/\*1 of 2\* approvals/)
  await asked.clickAs('lead', 'withdraw')
  await asked.everyCard(/\*0 of 2\* approvals/, /Taken back by `lead` in Slack/, /\[approve,reject,ask\]$/)
  await asked.clickAs('oncall', 'approve')
  await asked.everyCard(/\*1 of 2\* approvals/, /\[approve,/)
  expect(await asked.runs()).toBe(0)
  await (await followLink(asked)).answer(asked.id, asked.seq, 'approve')
  const view = await bot.untilStatus(asked.id, 'done')
  expect(answersIn(view).slice(1)).toEqual([
    'approval_withdrawn lead slack',
    'approval_given oncall slack',
    'approval_given night page',
  ])
  expect(await asked.runs()).toBe(1)
})

test('a yes of whoever asked does not count, in Slack or on the page', async () => {
  const before = await bot.runs()
  const { id, card } = await bot.mention(WISH, 'U01')
  const asked = await card()
  const { seq } = await bot.untilAsked(id, 'approval')
  await bot.click('U01', 'C01', asked, 'approve')
  await until('a whisper', async () =>
    (await bot.messages('C01')).some(({ text }) => text.includes('You asked for this yourself')),
  )
  const lead = await bot.signedIn('shop-lead')
  const refused = await lead.answer(id, seq, 'approve')
  expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('self_approval')])
  await bot.click('U03', 'C01', asked, 'approve')
  const view = await bot.untilEvent(id, 'approval_given')
  expect([view.status, answersIn(view)]).toEqual(['awaiting_approval', ['approval_given oncall slack']])
  expect((await bot.runs()) - before).toBe(0)
})

test('a click in Slack while its question expires runs it once or is told the truth, and never both', async () => {
  const [early, late] = await raceExpiry(bot, [-500, 400, -50, -15, 0, 15])
  expect([early, late]).toEqual(['ran', 'too late'])
})

test('no link in a mail does anything when it is followed, by whoever is signed in neither', async () => {
  const { id } = await ask()
  const { text = '', html } = await bot.mailAbout(id, /^Approve backend/)
  const links = [...new Set(`${text} ${html}`.match(/https?:\/\/[^\s"<>]+/g))].filter((link) => link.includes(id))
  expect(links.length).toBeGreaterThan(0)
  const { version } = await bot.thread(id)
  const night = await bot.signedIn('night-owl')
  for (const link of links) {
    const here = link.replace(/^https?:\/\/[^/]+/, '')
    await fetch(`${bot.url()}${here}`, { headers: { accept: 'text/html' } })
    await fetch(`${bot.url()}${here}`, { method: 'HEAD' })
    expect((await night.go(here)).status).toBe(200)
  }
  expect((await bot.thread(id)).version).toBe(version)
})

test('somebody who writes from another address is that person once they said so where they are known', async () => {
  const from = 'maya@acme.test'
  const newest = async () => (await bot.threads('limit=1'))[0]?.id ?? ''
  const writer = async () => {
    await bot.write(from, 'what is live?')
    return (await bot.thread(await newest())).events[0]?.actor
  }
  // Whoever only writes that address there is heard as nobody, and nobody is asked.
  await bot.write(from, 'link lead', false)
  expect((await bot.thread(await newest())).agent).toBe('deploy')
  await bot.write(from, 'link lead')
  const id = await newest()
  const question = await until('the question to lead', async () =>
    (await bot.messages('D01')).find((one) => whole(one).includes(id) && buttonsOf(one).length > 0),
  )
  expect(whole(question)).toContain('Somebody who writes mail from maya@acme.test says that they are you')
  expect(await writer()).toEqual({ kind: 'caller', id: from, via: 'email' })
  await bot.click('U01', 'D01', question, 'yes')
  await bot.untilStatus(id, 'done')
  expect(await writer()).toEqual({ kind: 'person', id: 'lead', via: 'email' })
})
